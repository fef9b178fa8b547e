"""Vocabularies of the ABS Clearing-House, as data."""

from __future__ import annotations

from clearinghouse_formats.vocabulary import names, vocabulary

COMMERCIAL = "5E833A3F-87D1-4ADD-8701-9F1B76383017"
NON_COMMERCIAL = "60EA2F49-A9DD-406F-921A-8A1C9AA8DFDD"
USAGES = vocabulary(
    "A7B77788-8C90-4849-9327-E181E9522F3A",
    names(
        "Types of use",
        "Types d’utilisation",
        "Tipos de uso",
        "Виды использования",
        "أنواع الاستخدام",
        "使用类型",
    ),
    (COMMERCIAL, "Commercial", "Commerciale", "Comercial", "Коммерческое", "تجاري", "商业"),
    (
        NON_COMMERCIAL,
        "Non-commercial",
        "Non commerciale",
        "No comercial",
        "Некоммерческое",
        "غير تجاري",
        "非商业",
    ),
)

MEASURE_TYPES = vocabulary(
    "measure-types",
    names("Types of measure", "Types de mesure", "Tipos de medida", "Виды мер", "أنواع التدابير", "措施类型"),
    ("measure-law", "Law", "Loi", "Ley", "Закон", "قانون", "法律"),
    ("measure-regulation", "Regulation", "Règlement", "Reglamento", "Подзаконный акт", "لائحة", "条例"),
    (
        "measure-administrative",
        "Administrative measure",
        "Mesure administrative",
        "Medida administrativa",
        "Административная мера",
        "تدبير إداري",
        "行政措施",
    ),
    (
        "measure-policy",
        "Policy or strategy",
        "Politique ou stratégie",
        "Política o estrategia",
        "Политика или стратегия",
        "سياسة أو استراتيجية",
        "政策或战略",
    ),
    with_other=True,
)

DRAFT = "status-draft"
ADOPTED = "status-adopted"
IN_FORCE = "status-in-force"
LIMITED = "status-limited-application"
RETIRED = "status-retired"
MEASURE_STATUSES = vocabulary(
    "measure-statuses",
    names(
        "Status of a measure",
        "Statut d’une mesure",
        "Estado de una medida",
        "Статус меры",
        "حالة التدبير",
        "措施状态",
    ),
    (DRAFT, "Draft", "Projet", "Proyecto", "Проект", "مشروع", "草案"),
    (
        ADOPTED,
        "Adopted, not yet in force",
        "Adoptée, pas encore en vigueur",
        "Adoptada, aún no en vigor",
        "Принята, ещё не вступила в силу",
        "معتمد ولم يدخل حيز النفاذ بعد",
        "已通过，尚未生效",
    ),
    (IN_FORCE, "In force", "En vigueur", "En vigor", "Действует", "نافذ", "生效"),
    (
        LIMITED,
        "Of limited application",
        "D’application limitée",
        "De aplicación limitada",
        "Ограниченного применения",
        "محدود التطبيق",
        "有限适用",
    ),
    (RETIRED, "Retired", "Abrogée", "Derogada", "Отменена", "ملغى", "已废止"),
)

MATRIX_ELEMENTS = vocabulary(
    "measure-elements",
    names(
        "Elements of measures",
        "Éléments des mesures",
        "Elementos de las medidas",
        "Элементы мер",
        "عناصر التدابير",
        "措施要素",
    ),
    (
        "element-prior-informed-consent",
        "Prior informed consent",
        "Consentement préalable en connaissance de cause",
        "Consentimiento fundamentado previo",
        "Предварительное обоснованное согласие",
        "الموافقة المسبقة عن علم",
        "事先知情同意",
    ),
    (
        "element-mutually-agreed-terms",
        "Mutually agreed terms",
        "Conditions convenues d’un commun accord",
        "Condiciones mutuamente acordadas",
        "Взаимосогласованные условия",
        "الشروط المتفق عليها بصورة متبادلة",
        "共同商定条件",
    ),
    (
        "element-community-consent",
        "Consent of indigenous peoples and local communities",
        "Consentement des peuples autochtones et communautés locales",
        "Consentimiento de pueblos indígenas y comunidades locales",
        "Согласие коренных народов и местных общин",
        "موافقة الشعوب الأصلية والمجتمعات المحلية",
        "土著人民和地方社区的同意",
    ),
    (
        "element-permit",
        "Permit or its equivalent",
        "Permis ou document équivalent",
        "Permiso o su equivalente",
        "Разрешение или эквивалентный документ",
        "تصريح أو ما يعادله",
        "许可证或等同文件",
    ),
    (
        "element-benefit-sharing",
        "Fair and equitable benefit-sharing",
        "Partage juste et équitable des avantages",
        "Participación justa y equitativa en los beneficios",
        "Справедливое совместное использование выгод",
        "التقاسم العادل والمنصف للمنافع",
        "公正公平分享惠益",
    ),
    (
        "element-checkpoints",
        "Checkpoints and monitoring",
        "Points de contrôle et surveillance",
        "Puntos de verificación y vigilancia",
        "Контрольные пункты и мониторинг",
        "نقاط التفتيش والرصد",
        "检查点和监测",
    ),
    (
        "element-penalties",
        "Non-compliance and penalties",
        "Non-respect et sanctions",
        "Incumplimiento y sanciones",
        "Несоблюдение и санкции",
        "عدم الامتثال والعقوبات",
        "不遵守和处罚",
    ),
    with_other=True,
)
