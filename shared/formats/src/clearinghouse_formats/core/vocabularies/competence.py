"""Vocabularies of what an authority is competent for, and the global targets."""

from __future__ import annotations

from clearinghouse_formats.vocabulary import TermRow, names, vocabulary

FUNCTIONS = vocabulary(
    "authority-functions",
    names(
        "Functions of an authority",
        "Fonctions d’une autorité",
        "Funciones de una autoridad",
        "Функции органа",
        "وظائف السلطة",
        "主管部门职能",
    ),
    (
        "function-receives-applications",
        "Receives applications and notifications",
        "Reçoit les demandes et notifications",
        "Recibe solicitudes y notificaciones",
        "Принимает заявки и уведомления",
        "تلقي الطلبات والإخطارات",
        "接收申请和通知",
    ),
    (
        "function-assesses-risk",
        "Assesses risks",
        "Évalue les risques",
        "Evalúa los riesgos",
        "Оценивает риски",
        "تقييم المخاطر",
        "评估风险",
    ),
    (
        "function-decides",
        "Takes decisions",
        "Prend les décisions",
        "Toma decisiones",
        "Принимает решения",
        "اتخاذ القرارات",
        "作出决定",
    ),
    (
        "function-monitors",
        "Monitors and inspects",
        "Contrôle et inspecte",
        "Supervisa e inspecciona",
        "Осуществляет контроль и инспекцию",
        "الرصد والتفتيش",
        "监测和检查",
    ),
    with_other=True,
)

GENETIC_RESOURCE_TYPES = vocabulary(
    "genetic-resource-types",
    names(
        "Types of genetic resources",
        "Types de ressources génétiques",
        "Tipos de recursos genéticos",
        "Виды генетических ресурсов",
        "أنواع الموارد الجينية",
        "遗传资源类型",
    ),
    (
        "genetic-plants",
        "Wild plants",
        "Plantes sauvages",
        "Plantas silvestres",
        "Дикорастущие растения",
        "نباتات برية",
        "野生植物",
    ),
    (
        "genetic-crops",
        "Domesticated plants",
        "Plantes cultivées",
        "Plantas domesticadas",
        "Культурные растения",
        "نباتات مستأنسة",
        "栽培植物",
    ),
    ("genetic-animals", "Animals", "Animaux", "Animales", "Животные", "حيوانات", "动物"),
    (
        "genetic-microorganisms",
        "Micro-organisms",
        "Micro-organismes",
        "Microorganismos",
        "Микроорганизмы",
        "كائنات دقيقة",
        "微生物",
    ),
    with_other=True,
)

GENETIC_RESOURCE_AREAS = vocabulary(
    "genetic-resource-areas",
    names("Areas", "Zones", "Áreas", "Районы", "المناطق", "地区"),
    (
        "area-protected",
        "Protected areas",
        "Aires protégées",
        "Áreas protegidas",
        "Охраняемые районы",
        "مناطق محمية",
        "保护区",
    ),
    (
        "area-marine",
        "Marine areas",
        "Zones marines",
        "Áreas marinas",
        "Морские районы",
        "مناطق بحرية",
        "海洋区域",
    ),
    ("area-forest", "Forests", "Forêts", "Bosques", "Леса", "غابات", "森林"),
    (
        "area-ex-situ",
        "Ex-situ collections",
        "Collections ex situ",
        "Colecciones ex situ",
        "Коллекции ex-situ",
        "مجموعات خارج الموقع الطبيعي",
        "移地收藏",
    ),
    (
        "area-community",
        "Lands of indigenous peoples and local communities",
        "Terres des peuples autochtones et communautés locales",
        "Tierras de pueblos indígenas y comunidades locales",
        "Земли коренных народов и местных общин",
        "أراضي الشعوب الأصلية والمجتمعات المحلية",
        "土著人民和地方社区土地",
    ),
    with_other=True,
)

ACTIVITIES = vocabulary(
    "areas-of-activity",
    names(
        "Areas of activity",
        "Domaines d’activité",
        "Ámbitos de actividad",
        "Области деятельности",
        "مجالات النشاط",
        "活动领域",
    ),
    ("activity-research", "Research", "Recherche", "Investigación", "Исследования", "البحث", "研究"),
    ("activity-conservation", "Conservation", "Conservation", "Conservación", "Сохранение", "الحفظ", "保护"),
    (
        "activity-sustainable-use",
        "Sustainable use",
        "Utilisation durable",
        "Utilización sostenible",
        "Устойчивое использование",
        "الاستخدام المستدام",
        "可持续利用",
    ),
    (
        "activity-commercial",
        "Development of products",
        "Développement de produits",
        "Desarrollo de productos",
        "Разработка продукции",
        "تطوير المنتجات",
        "产品开发",
    ),
    (
        "activity-education",
        "Education and training",
        "Éducation et formation",
        "Educación y formación",
        "Образование и подготовка",
        "التعليم والتدريب",
        "教育和培训",
    ),
    with_other=True,
)


def _aichi(number: int) -> TermRow:
    return (
        f"aichi-target-{number:02}",
        f"Aichi Target {number}",
        f"Objectif {number} d’Aichi",
        f"Meta {number} de Aichi",
        f"Айтинская целевая задача {number}",
        f"هدف آيشي {number}",
        f"爱知目标{number}",
    )


def _global(number: int) -> TermRow:
    return (
        f"gbf-target-{number:02}",
        f"Target {number} of the Global Biodiversity Framework",
        f"Cible {number} du Cadre mondial de la biodiversité",
        f"Meta {number} del Marco Mundial de Biodiversidad",
        f"Целевая задача {number} Глобальной рамочной программы в области биоразнообразия",
        f"الغاية {number} من الإطار العالمي للتنوع البيولوجي",
        f"全球生物多样性框架目标{number}",
    )


AICHI_TARGETS = vocabulary(
    "aichi-targets",
    names(
        "Aichi Biodiversity Targets",
        "Objectifs d’Aichi",
        "Metas de Aichi",
        "Айтинские целевые задачи",
        "أهداف آيشي للتنوع البيولوجي",
        "爱知生物多样性目标",
    ),
    *(_aichi(number) for number in range(1, 21)),
)

GBF_TARGETS = vocabulary(
    "gbf-targets",
    names(
        "Targets of the Global Biodiversity Framework",
        "Cibles du Cadre mondial de la biodiversité",
        "Metas del Marco Mundial de Biodiversidad",
        "Целевые задачи Глобальной рамочной программы в области биоразнообразия",
        "غايات الإطار العالمي للتنوع البيولوجي",
        "全球生物多样性框架目标",
    ),
    *(_global(number) for number in range(1, 24)),
)
