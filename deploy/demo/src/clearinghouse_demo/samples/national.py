"""Sample measures, databases and laws on biosafety."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from clearinghouse_demo.samples.document import Fields, Sample, document, link, refer, term, terms
from clearinghouse_demo.samples.people import NATIONAL
from clearinghouse_demo.samples.places import CHINA, GERMANY, MEXICO, MOROCCO, PLACES, Place, Texts

_MEASURES: dict[str, Texts] = {
    "mx": {"es": "Reglamento de acceso a recursos genéticos (muestra)",
           "en": "Regulation on access to genetic resources (sample)"},
    "de": {"en": "Act on obligations of users of genetic resources (sample)",
           "fr": "Loi sur les obligations des utilisateurs de ressources génétiques (exemple)"},
    "ma": {"ar": "قانون الحصول على الموارد الجينية وتقاسم منافعها (نموذج)",
           "fr": "Loi sur l’accès aux ressources génétiques et le partage des avantages (exemple)"},
    "cn": {"zh": "生物遗传资源获取与惠益分享管理条例（示例）",
           "en": "Regulation on access to biological genetic resources and benefit-sharing (sample)"},
}  # fmt: skip
_STATUSES = {
    "mx": ("status-in-force", "entryIntoForce"),
    "de": ("status-in-force", "entryIntoForce"),
    "ma": ("status-adopted", "adoption"),
    "cn": ("status-limited-application", "limitedApplication"),
}
_CODE: Texts = {
    "es": "Código de conducta de colecciones (muestra)", "en": "Code of conduct of collections (sample)",
}  # fmt: skip


def measures(random: Random) -> Iterator[Sample]:
    """Each country's measure on access, and one of Mexico that is retired."""
    for place in PLACES:
        status, dated = _STATUSES[place.code]
        year = random.randrange(2014, 2025)
        content = {
            **_measure(place, _MEASURES[place.code], "measure-regulation", status),
            dated: f"{year}-{random.randrange(1, 13):02}-01",
        }
        yield _national("absch", place, "measure", f"sample-{place.code}-measure", content)
    retired = {
        **_measure(MEXICO, _CODE, "measure-policy", "status-retired"),
        "entryIntoForce": "2009",
        "retired": "2018-06",
        "absMesasureNotApplicable": True,
        "linkedMeasures": refer("sample-mx-measure"),
    }
    del retired["absMeasures"]
    yield _national("absch", MEXICO, "measure", "sample-mx-measure-retired", retired)


def _measure(place: Place, title: Texts, kind: str, status: str) -> Fields:
    covered = terms("element-prior-informed-consent", "element-mutually-agreed-terms")
    section = dict.fromkeys(place.languages, "II")
    language = place.languages[0]
    return {
        "government": term(place.code),
        "title": title,
        "type": term(kind),
        "jurisdiction": term(NATIONAL),
        "documents": [link(f"https://laws.{place.code}.example/access.pdf", title[language], language)],
        "status": term(status),
        "isAmendment": False,
        "authorities": refer(f"sample-{place.code}-authority"),
        "absMeasures": {
            "geneticResources": {"answer": True, "elements": [{"types": covered, "section": section}]},
            "traditionalKnowledge": {"answer": place is not GERMANY},
            "access": {"answer": True, "elements": [{"types": terms("element-permit")}]},
        },
    }


_DATABASES: dict[str, tuple[Texts, Texts]] = {
    "mx": (
        {"es": "Catálogo de permisos (muestra)", "en": "Catalogue of permits (sample)"},
        {"es": "Permisos otorgados, por especie y por año.", "en": "Permits granted, by species and year."},
    ),
    "ma": (
        {
            "ar": "قاعدة بيانات النباتات الطبية (نموذج)",
            "fr": "Base de données des plantes médicinales (exemple)",
        },
        {"ar": "أنواع النباتات الطبية ومواطنها.", "fr": "Espèces médicinales et leurs habitats."},
    ),
    "cn": (
        {"zh": "微生物菌种目录（示例）", "en": "Catalogue of microbial strains (sample)"},
        {"zh": "国家菌种保藏中心的菌种。", "en": "Strains of the national culture collection."},
    ),
}


def databases() -> Iterator[Sample]:
    """National databases: two on access, one on biosafety."""
    for place, realm in ((MEXICO, "absch"), (MOROCCO, "absch"), (CHINA, "bch")):
        title, description = _DATABASES[place.code]
        language = place.languages[0]
        content = {
            "government": term(place.code),
            "title": title,
            "description": description,
            "websites": [link(f"https://data.{place.code}.example/", title[language], language)],
        }
        yield _national(realm, place, "database", f"sample-{place.code}-database", content)


_LAWS: dict[str, Texts] = {
    "mx": {"es": "Ley de bioseguridad de organismos modificados (muestra)",
           "en": "Law on the biosafety of modified organisms (sample)"},
    "de": {"en": "Genetic engineering act (sample)", "fr": "Loi sur le génie génétique (exemple)"},
    "cn": {"zh": "农业转基因生物安全管理条例（示例）",
           "en": "Regulation on the safety of modified agricultural organisms (sample)"},
}  # fmt: skip


def laws(random: Random) -> Iterator[Sample]:
    """Laws on biosafety; the one of Mexico has an amendment."""
    for place in (MEXICO, GERMANY, CHINA):
        uid = "sample-biosafety-law" if place is MEXICO else f"sample-{place.code}-biosafety-law"
        yield _national("bch", place, "biosafetyLaw", uid, _law(random, place, _LAWS[place.code]))
    amendment = {
        **_law(random, MEXICO, {"es": "Reforma de la ley de bioseguridad (muestra)",
                                "en": "Amendment of the law on biosafety (sample)"}),
        "isAmendment": True,
        "amendedRecords": refer("sample-biosafety-law"),
    }  # fmt: skip
    yield _national("bch", MEXICO, "biosafetyLaw", "sample-biosafety-law-amendment", amendment)


def _law(random: Random, place: Place, title: Texts) -> Fields:
    language = place.languages[0]
    return {
        "government": term(place.code),
        "jurisdiction": term(NATIONAL),
        "title": title,
        "type": term("law-law"),
        "entryIntoForce": f"{random.randrange(2001, 2020)}-{random.randrange(1, 13):02}-01",
        "documents": [link(f"https://laws.{place.code}.example/biosafety.pdf", title[language], language)],
        "isAmendment": False,
        "authorities": refer(f"sample-{place.code}-authority-biosafety"),
        "cpbSubjectAreas": terms("biosafety-release", "biosafety-risk"),
        "cpbOrganismTypes": terms("organism-plants"),
        "expires": False,
    }


def _national(realm: str, place: Place, format_name: str, uid: str, content: Fields) -> Sample:
    return Sample(realm, f"{place.code}-pa", document(format_name, uid, content))
