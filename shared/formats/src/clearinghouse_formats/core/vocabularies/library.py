"""Vocabularies of the virtual library."""

from __future__ import annotations

from clearinghouse_formats.vocabulary import names, vocabulary

RESOURCE_TYPES = vocabulary(
    "resource-types",
    names(
        "Types of resource",
        "Types de ressource",
        "Tipos de recurso",
        "Виды ресурсов",
        "أنواع الموارد",
        "资源类型",
    ),
    ("resource-book", "Book", "Livre", "Libro", "Книга", "كتاب", "图书"),
    ("resource-article", "Article", "Article", "Artículo", "Статья", "مقالة", "文章"),
    ("resource-report", "Report", "Rapport", "Informe", "Доклад", "تقرير", "报告"),
    (
        "resource-guidelines",
        "Guidelines or manual",
        "Lignes directrices ou manuel",
        "Directrices o manual",
        "Руководство или пособие",
        "مبادئ توجيهية أو دليل",
        "准则或手册",
    ),
    (
        "resource-training",
        "Training material",
        "Matériel de formation",
        "Material de capacitación",
        "Учебные материалы",
        "مواد تدريبية",
        "培训材料",
    ),
    (
        "resource-website",
        "Website or database",
        "Site web ou base de données",
        "Sitio web o base de datos",
        "Веб-сайт или база данных",
        "موقع شبكي أو قاعدة بيانات",
        "网站或数据库",
    ),
    ("resource-video", "Video", "Vidéo", "Vídeo", "Видео", "فيديو", "视频"),
    with_other=True,
)

KEY_AREAS = vocabulary(
    "key-areas",
    names(
        "Key areas of capacity",
        "Domaines clés de capacités",
        "Esferas clave de capacidad",
        "Основные области потенциала",
        "المجالات الرئيسية للقدرات",
        "关键能力领域",
    ),
    (
        "area-implement",
        "Capacity to implement and comply",
        "Capacité d’appliquer et de respecter",
        "Capacidad de aplicar y cumplir",
        "Потенциал осуществления и соблюдения",
        "القدرة على التنفيذ والامتثال",
        "执行和遵守能力",
    ),
    (
        "area-negotiate",
        "Capacity to negotiate mutually agreed terms",
        "Capacité de négocier des conditions convenues",
        "Capacidad de negociar condiciones acordadas",
        "Потенциал согласования условий",
        "القدرة على التفاوض بشأن شروط متفق عليها",
        "谈判共同商定条件的能力",
    ),
    (
        "area-measures",
        "Capacity to develop domestic measures",
        "Capacité d’élaborer des mesures internes",
        "Capacidad de elaborar medidas nacionales",
        "Потенциал разработки внутренних мер",
        "القدرة على وضع تدابير محلية",
        "制定国内措施的能力",
    ),
    (
        "area-research",
        "Capacity to add value by research",
        "Capacité de valoriser par la recherche",
        "Capacidad de agregar valor mediante investigación",
        "Потенциал исследований",
        "القدرة على إضافة قيمة من خلال البحث",
        "通过研究增加价值的能力",
    ),
    with_other=True,
)

CLAUSE_KEYWORDS = vocabulary(
    "contractual-clause-keywords",
    names(
        "Keywords of contractual clauses",
        "Mots-clés des clauses contractuelles",
        "Palabras clave de cláusulas contractuales",
        "Ключевые слова договорных положений",
        "كلمات رئيسية للبنود التعاقدية",
        "合同条款关键词",
    ),
    (
        "clause-benefit-sharing",
        "Benefit-sharing",
        "Partage des avantages",
        "Participación en los beneficios",
        "Совместное использование выгод",
        "تقاسم المنافع",
        "惠益分享",
    ),
    (
        "clause-transfer",
        "Transfer to third parties",
        "Transfert à des tiers",
        "Transferencia a terceros",
        "Передача третьим сторонам",
        "النقل إلى أطراف ثالثة",
        "向第三方转让",
    ),
    (
        "clause-intellectual-property",
        "Intellectual property",
        "Propriété intellectuelle",
        "Propiedad intelectual",
        "Интеллектуальная собственность",
        "الملكية الفكرية",
        "知识产权",
    ),
    with_other=True,
)
