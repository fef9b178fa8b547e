"""Vocabularies of biosafety."""

from __future__ import annotations

from clearinghouse_formats.vocabulary import names, vocabulary

BIOSAFETY_SUBJECTS = vocabulary(
    "biosafety-subjects",
    names(
        "Biosafety subject areas",
        "Domaines de la prévention des risques biotechnologiques",
        "Áreas temáticas de seguridad de la biotecnología",
        "Темы биобезопасности",
        "مجالات السلامة الأحيائية",
        "生物安全主题领域",
    ),
    (
        "biosafety-contained-use",
        "Contained use",
        "Utilisation en milieu confiné",
        "Uso confinado",
        "Использование в замкнутых системах",
        "الاستخدام المعزول",
        "封闭使用",
    ),
    (
        "biosafety-release",
        "Introduction into the environment",
        "Introduction dans l’environnement",
        "Introducción en el medio ambiente",
        "Интродукция в окружающую среду",
        "الإدخال في البيئة",
        "环境释放",
    ),
    (
        "biosafety-food-feed",
        "Direct use as food or feed, or for processing",
        "Utilisation directe pour l’alimentation ou la transformation",
        "Uso directo como alimento, pienso o para procesamiento",
        "Непосредственное использование в пищу, корм или для обработки",
        "الاستخدام المباشر كأغذية أو أعلاف أو للتجهيز",
        "直接用作食物、饲料或加工",
    ),
    (
        "biosafety-risk",
        "Risk assessment and management",
        "Évaluation et gestion des risques",
        "Evaluación y gestión del riesgo",
        "Оценка и регулирование рисков",
        "تقييم المخاطر وإدارتها",
        "风险评估和管理",
    ),
    (
        "biosafety-transit",
        "Transit and transboundary movement",
        "Transit et mouvements transfrontières",
        "Tránsito y movimiento transfronterizo",
        "Транзит и трансграничное перемещение",
        "العبور والنقل عبر الحدود",
        "过境和越境转移",
    ),
    (
        "biosafety-liability",
        "Liability and redress",
        "Responsabilité et réparation",
        "Responsabilidad y compensación",
        "Ответственность и возмещение",
        "المسؤولية والجبر التعويضي",
        "赔偿责任和补救",
    ),
    with_other=True,
)

ORGANISM_TYPES = vocabulary(
    "organism-types",
    names(
        "Types of organism",
        "Types d’organismes",
        "Tipos de organismos",
        "Виды организмов",
        "أنواع الكائنات",
        "生物类型",
    ),
    ("organism-plants", "Plants", "Plantes", "Plantas", "Растения", "نباتات", "植物"),
    ("organism-animals", "Animals", "Animaux", "Animales", "Животные", "حيوانات", "动物"),
    (
        "organism-microorganisms",
        "Micro-organisms",
        "Micro-organismes",
        "Microorganismos",
        "Микроорганизмы",
        "كائنات دقيقة",
        "微生物",
    ),
    ("organism-viruses", "Viruses", "Virus", "Virus", "Вирусы", "فيروسات", "病毒"),
    with_other=True,
)
