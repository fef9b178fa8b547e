"""Sample focal points, authorities, contacts and organizations."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from clearinghouse_demo.samples.document import Fields, Sample, document, refer, term, terms
from clearinghouse_demo.samples.places import CHINA, GERMANY, MEXICO, MOROCCO, PLACES, Place, Texts

NATIONAL = "7437F880-7B12-4F26-AA91-CED37250DD0A"

_FOCAL_POINT = {
    "en": "National focal point", "fr": "Point focal national", "es": "Punto focal nacional",
    "ar": "نقطة الاتصال الوطنية", "zh": "国家联络点",
}  # fmt: skip
_RESPONSIBILITIES = {
    "en": "Grants access to genetic resources, issues permits and advises applicants.",
    "fr": "Accorde l’accès aux ressources génétiques, délivre les permis et conseille les demandeurs.",
    "es": "Otorga el acceso a los recursos genéticos, expide permisos y orienta a los solicitantes.",
    "ar": "تمنح الحصول على الموارد الجينية وتصدر التصاريح وترشد مقدمي الطلبات.",
    "zh": "批准获取遗传资源，签发许可证，为申请人提供咨询。",
}
_BIOSAFETY = {
    "en": "Decides on applications to release or import living modified organisms.",
    "fr": "Statue sur les demandes d’introduction ou d’importation d’organismes vivants modifiés.",
    "es": "Resuelve las solicitudes de liberación o importación de organismos vivos modificados.",
    "ar": "تبت في طلبات إطلاق الكائنات الحية المحورة أو استيرادها.",
    "zh": "对改性活生物体的释放或进口申请作出决定。",
}


def focal_points(random: Random) -> Iterator[Sample]:
    """Each country's focal point for the Nagoya Protocol, and those of the other instruments."""
    for place in PLACES:
        yield _focal_point(
            random, place, "absch", f"sample-{place.code}-focal-point", "ABS-FP", place.focal_point
        )
    for place in (MEXICO, CHINA):
        yield _focal_point(
            random, place, "bch", f"sample-{place.code}-focal-point-biosafety", "CPB-FP1", place.second
        )
    for place in (GERMANY, MOROCCO):
        yield _focal_point(
            random, place, "chm", f"sample-{place.code}-focal-point-convention", "CBD-FP1", place.second
        )


def _focal_point(
    random: Random, place: Place, realm: str, uid: str, category: str, name: tuple[str, str]
) -> Sample:
    content = {
        "government": term(place.code),
        "country": term(place.code),
        "categories": [category],
        "firstName": name[0],
        "lastName": name[1],
        "designation": place.text(_FOCAL_POINT),
        "organization": place.ministry,
        "city": place.capital,
        "phones": [_phone(random, place)],
        "emails": [f"focal-point.{category.split('-', maxsplit=1)[0].lower()}@{place.code}.example"],
    }
    return Sample(realm, "secretariat", document("focalPoint", uid, content))


def authorities(random: Random) -> Iterator[Sample]:
    """Each country's authority on access, a second one of Germany, and authorities on biosafety."""
    for place in PLACES:
        yield _authority(random, place, f"sample-{place.code}-authority", place.ministry, "access")
    marine = {"en": "Marine Genetic Resources Unit (sample)",
              "fr": "Unité des ressources génétiques marines (exemple)"}  # fmt: skip
    yield _authority(random, GERMANY, "sample-de-authority-marine", marine, "marine")
    for place in (MEXICO, GERMANY, CHINA):
        content = {
            **_office(random, place, place.institute, "biosafety"),
            "responsibleForAll": True,
            "responsibilities": place.text(_BIOSAFETY),
            "functions": terms("function-receives-applications", "function-decides"),
            "cpbOrganismTypes": terms("organism-plants", "organism-microorganisms"),
        }
        uid = f"sample-{place.code}-authority-biosafety"
        yield Sample("bch", f"{place.code}-pa", document("authority", uid, content))


def _authority(random: Random, place: Place, uid: str, name: Texts, mailbox: str) -> Sample:
    content = {
        **_office(random, place, name, mailbox),
        "responsibleForAll": mailbox == "access",
        "responsibilities": place.text(_RESPONSIBILITIES),
        "absJurisdiction": terms(NATIONAL),
        "absGeneticResourceTypes": terms("genetic-plants", "genetic-microorganisms"),
    }
    return Sample("absch", f"{place.code}-pa", document("authority", uid, content))


def _office(random: Random, place: Place, name: Texts, mailbox: str) -> Fields:
    return {
        "government": term(place.code),
        "name": name,
        "address": place.street,
        "city": place.capital,
        "postalCode": dict.fromkeys(place.languages, place.postal_code),
        "country": term(place.code),
        "phones": [_phone(random, place)],
        "emails": [f"{mailbox}@{place.code}.example"],
        "websites": [{"url": f"https://{mailbox}.{place.code}.example/", "language": place.languages[0]}],
    }


def contacts(random: Random) -> Iterator[Sample]:
    """Providers and other persons; one contact is an organization."""
    provider = {"es": "Ejido La Huasteca (muestra)", "en": "Ejido La Huasteca (sample)"}
    community = {"es": "Comunidad Sierra Norte (muestra)", "en": "Sierra Norte community (sample)"}
    yield _organization_contact(random, MEXICO, "sample-mx-provider", provider, "ejido.la-huasteca")
    yield _person(
        random, MEXICO, "sample-provider-contact", ("Eulalia", "Martínez"), community, language="es"
    )
    yield _person(
        random, MOROCCO, "sample-ma-provider", ("Fatima", "Oulhaj"), MOROCCO.institute, language="ar"
    )
    yield _person(random, CHINA, "sample-cn-provider", ("Zhao", "Min"), CHINA.institute)
    yield _person(
        random, GERMANY, "sample-de-inspector", ("Birgit", "Lorenz"), GERMANY.ministry, language="en"
    )
    yield _person(
        random, GERMANY, "sample-de-researcher", ("Olivier", "Schramm"), GERMANY.institute, language="fr"
    )


def _person(
    random: Random,
    place: Place,
    uid: str,
    name: tuple[str, str],
    organization: Texts,
    language: str | None = None,
) -> Sample:
    content: Fields = {
        "type": "person",
        "firstName": name[0],
        "lastName": name[1],
        "organization": organization,
        "city": place.capital,
        "country": term(place.code),
        "phones": [_phone(random, place)],
        "emails": [f"{uid.removeprefix('sample-')}@{place.code}.example"],
    }
    if language:
        content["language"] = language
    return Sample("absch", f"{place.code}-pa", document("contact", uid, content))


def _organization_contact(random: Random, place: Place, uid: str, name: Texts, mailbox: str) -> Sample:
    content = {
        "type": "organization",
        "organization": name,
        "organizationType": term("organization-community"),
        "city": {"es": "Santa Catarina", "en": "Santa Catarina"},
        "country": term(place.code),
        "phones": [_phone(random, place)],
        "emails": [f"{mailbox}@{place.code}.example"],
    }
    return Sample("absch", f"{place.code}-pa", document("contact", uid, content))


def organizations(random: Random) -> Iterator[Sample]:
    """Those to whom access is granted, and each country's institute."""
    rhine = {"en": "Rhenania Naturstoffe GmbH (sample)", "fr": "Rhenania Substances naturelles (exemple)"}
    atlas = {"fr": "Atlas Arômes SARL (exemple)", "ar": "شركة أطلس للعطور (نموذج)"}
    yield _organization(random, GERMANY, "sample-de-grantee", rhine, "organization-private", language="fr")
    yield _organization(
        random, MOROCCO, "sample-grantee-organization", atlas, "organization-private", language="fr"
    )
    for place in PLACES:
        yield _organization(
            random, place, f"sample-{place.code}-institute", place.institute, "organization-academic"
        )


def _organization(
    random: Random, place: Place, uid: str, name: Texts, kind: str, language: str | None = None
) -> Sample:
    content: Fields = {
        "name": name,
        "address": place.street,
        "city": place.capital,
        "country": term(place.code),
        "phones": [_phone(random, place)],
        "emails": [f"{uid.removeprefix('sample-')}@{place.code}.example"],
        "websites": [{"url": f"https://{uid.removeprefix('sample-')}.example/"}],
        "organizationType": term(kind),
        "thematicAreas": terms("activity-research"),
    }
    if uid == "sample-de-grantee":
        content["contacts"] = refer("sample-de-researcher")
    if language:
        content["language"] = language
    return Sample("absch", "secretariat", document("organization", uid, content))


def _phone(random: Random, place: Place) -> str:
    return f"{place.dial} 555 {random.randrange(1000, 10000)}"
