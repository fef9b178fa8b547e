"""Vocabularies of the Biosafety Clearing-House, as data."""

from __future__ import annotations

from clearinghouse_formats.vocabulary import names, vocabulary

LAW_TYPES = vocabulary(
    "biosafety-law-types",
    names(
        "Types of law",
        "Types de texte juridique",
        "Tipos de norma",
        "Виды нормативных актов",
        "أنواع القوانين",
        "法律类型",
    ),
    ("law-law", "Law or act", "Loi", "Ley", "Закон", "قانون", "法律"),
    ("law-regulation", "Regulation", "Règlement", "Reglamento", "Подзаконный акт", "لائحة", "条例"),
    (
        "law-guideline",
        "Guideline",
        "Ligne directrice",
        "Directriz",
        "Руководящие принципы",
        "مبدأ توجيهي",
        "准则",
    ),
    (
        "law-agreement",
        "Bilateral, regional or multilateral agreement",
        "Accord bilatéral, régional ou multilatéral",
        "Acuerdo bilateral, regional o multilateral",
        "Двустороннее, региональное или многостороннее соглашение",
        "اتفاق ثنائي أو إقليمي أو متعدد الأطراف",
        "双边、区域或多边协定",
    ),
    with_other=True,
)
