"""Sample resources of the virtual library, in the six languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from clearinghouse_demo.samples.document import Fields, Sample, document, link, refer, term, terms
from clearinghouse_demo.samples.places import Texts


@dataclass(frozen=True)
class Book:
    """What is particular about one resource."""

    realm: str
    uid: str
    kind: str
    subject: str
    title: Texts
    summary: Texts
    extra: Fields


BOOKS = (
    Book(
        "absch", "sample-resource-guide", "resource-guidelines", "subject-access",
        {
            "en": "How to ask for access to genetic resources",
            "fr": "Comment demander l’accès aux ressources génétiques",
            "es": "Cómo solicitar el acceso a recursos genéticos",
            "ru": "Как запросить доступ к генетическим ресурсам",
            "ar": "كيفية طلب الحصول على الموارد الجينية",
            "zh": "如何申请获取遗传资源",
        },
        {
            "en": "<p>The steps from a first question to a permit, with <strong>examples</strong>.</p>",
            "fr": "<p>Les étapes, de la première question au permis, avec des <strong>exemples</strong>.</p>",
            "es": "<p>Los pasos desde la primera consulta hasta el permiso, con <strong>ejemplos</strong>.</p>",
            "ru": "<p>Шаги от первого вопроса до разрешения, с <strong>примерами</strong>.</p>",
            "ar": "<p>الخطوات من السؤال الأول إلى التصريح، مع <strong>أمثلة</strong>.</p>",
            "zh": "<p>从首次咨询到取得许可证的步骤，附<strong>示例</strong>。</p>",
        },
        {"nagoya": {"subjects": terms("keyword-genetic-resources"), "keyAreas": terms("area-implement")},
         "countryRegions": terms("region-global")},
    ),
    Book(
        "absch", "sample-resource-knowledge", "resource-report", "subject-traditional-knowledge",
        {
            "ru": "Традиционные знания и совместное использование выгод",
            "en": "Traditional knowledge and benefit-sharing",
        },
        {
            "ru": "Обзор того, как коренные народы участвуют в принятии решений о доступе.",
            "en": "A survey of how indigenous peoples take part in decisions on access.",
        },
        {"nagoya": {"subjects": terms("keyword-traditional-knowledge")}, "gbfTargets": terms("gbf-target-13")},
    ),
    Book(
        "absch", "sample-resource-argan", "resource-article", "subject-access",
        {"ar": "شجرة الأركان وتقاسم المنافع", "fr": "L’arganier et le partage des avantages"},
        {"ar": "دراسة حالة عن التعاونيات النسائية في سوس.", "fr": "Étude de cas sur les coopératives du Souss."},
        {"countryRegions": terms("ma", "region-africa"), "organizations": refer("sample-ma-institute")},
    ),
    Book(
        "absch", "sample-resource-clauses", "resource-training", "subject-access",
        {"es": "Cláusulas para negociar condiciones acordadas", "fr": "Clauses pour négocier des conditions"},
        {"es": "Material de un curso para negociadores.", "fr": "Matériel d’un cours pour négociateurs."},
        {"nagoya": {"mccKeywords": terms("clause-benefit-sharing", "clause-transfer")}},
    ),
    Book(
        "bch", "sample-resource-risk", "resource-guidelines", "subject-biosafety",
        {"zh": "改性活生物体风险评估指南", "ru": "Руководство по оценке рисков", "en": "Guidance on risk assessment"},
        {
            "zh": "供评估人员使用的逐步说明。",
            "ru": "Пошаговое руководство для экспертов по оценке.",
            "en": "A guide for assessors, step by step.",
        },
        {"biosafety": {"subjects": terms("biosafety-risk"), "addressModifiedOrganisms": True}},
    ),
    Book(
        "bch", "sample-resource-import", "resource-website", "subject-biosafety",
        {"ar": "استيراد الكائنات الحية المحورة", "en": "Importing living modified organisms"},
        {"ar": "أسئلة وأجوبة للمستوردين.", "en": "Questions and answers for importers."},
        {"biosafety": {"subjects": terms("biosafety-transit")}},
    ),
    Book(
        "chm", "sample-resource-forest", "resource-book", "subject-forest",
        {"ru": "Биоразнообразие лесов", "fr": "La biodiversité des forêts", "en": "Biodiversity of forests"},
        {
            "ru": "Введение в сохранение лесов и их видов.",
            "fr": "Une introduction à la conservation des forêts et de leurs espèces.",
            "en": "An introduction to the conservation of forests and their species.",
        },
        {"aichiTargets": terms("aichi-target-05"), "gbfTargets": terms("gbf-target-02")},
    ),
    Book(
        "chm", "sample-resource-reefs", "resource-video", "subject-marine",
        {"es": "Arrecifes del Caribe mexicano", "zh": "墨西哥加勒比海的珊瑚礁"},
        {"es": "Un recorrido por los arrecifes y quienes los cuidan.", "zh": "珊瑚礁及其守护者之旅。"},
        {"countryRegions": terms("mx", "region-latin-america-caribbean")},
    ),
)  # fmt: skip


def resources(random: Random) -> Iterator[Sample]:
    """Resources of the three realms."""
    for book in BOOKS:
        year = random.randrange(2012, 2026)
        language = next(iter(book.title))
        content = {
            "title": book.title,
            "resourceTypes": [term(book.kind)],
            "publicationDate": f"{year}-{random.randrange(1, 13):02}",
            "resourceLinks": [link(f"https://library.example/{book.uid}", book.title[language], language)],
            "summary": book.summary,
            "cbdSubjects": terms(book.subject),
            **book.extra,
        }
        yield Sample(book.realm, "secretariat", document("resource", book.uid, content))
