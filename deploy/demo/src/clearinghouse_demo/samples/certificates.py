"""Sample permits, checkpoints and communiqués."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from clearinghouse_demo.samples.document import Fields, Sample, document, refer, term, terms
from clearinghouse_demo.samples.people import NATIONAL
from clearinghouse_demo.samples.places import CHINA, GERMANY, MEXICO, MOROCCO, Place, Texts

COMMERCIAL = "5E833A3F-87D1-4ADD-8701-9F1B76383017"
NON_COMMERCIAL = "60EA2F49-A9DD-406F-921A-8A1C9AA8DFDD"


@dataclass(frozen=True)
class Plan:
    """What is particular about one permit."""

    place: Place
    number: int
    provider: str
    grantee: str
    keywords: tuple[str, ...]
    confidential: tuple[str, ...] = ()


PLANS = (
    Plan(MEXICO, 1, "sample-provider-contact", "sample-grantee-organization", ("keyword-plants",)),
    Plan(MEXICO, 2, "sample-mx-provider", "sample-de-grantee", ("keyword-plants", "keyword-traditional-knowledge")),
    Plan(MEXICO, 3, "sample-provider-contact", "sample-de-researcher", ("keyword-fungi",), ("providers",)),
    Plan(MOROCCO, 1, "sample-ma-provider", "sample-de-grantee", ("keyword-plants", "keyword-cosmetics")),
    Plan(MOROCCO, 2, "sample-ma-provider", "sample-de-grantee", ("keyword-plants",),
         ("entitiesToWhomPICGranted", "subjectMatter", "usages")),
    Plan(MOROCCO, 3, "sample-ma-authority", "sample-grantee-organization", ("keyword-marine",)),
    Plan(CHINA, 1, "sample-cn-provider", "sample-de-researcher", ("keyword-microorganisms",)),
    Plan(CHINA, 2, "sample-cn-authority", "sample-cn-institute", ("keyword-microorganisms", "keyword-food")),
)  # fmt: skip

_SPECIES = {
    "mx": ("Agave victoriae-reginae", "Tagetes lucida", "Psilocybe aztecorum", "Dioscorea mexicana"),
    "ma": ("Argania spinosa", "Origanum compactum", "Cystoseira humilis", "Thymus satureioides"),
    "cn": ("Lactobacillus plantarum", "Bacillus subtilis", "Monascus purpureus", "Artemisia annua"),
}
_PURPOSE: dict[str, Texts] = {
    "en": {"commercial": "to develop a product", "research": "to study its ingredients"},
    "fr": {"commercial": "pour développer un produit", "research": "pour étudier ses composants"},
    "es": {"commercial": "para desarrollar un producto", "research": "para estudiar sus componentes"},
    "ar": {"commercial": "لتطوير منتج", "research": "لدراسة مكوناتها"},
    "zh": {"commercial": "用于开发产品", "research": "用于研究其成分"},
}
_SAMPLES_OF = {
    "en": "Samples of {species}, {purpose}.",
    "fr": "Échantillons de {species}, {purpose}.",
    "es": "Muestras de {species}, {purpose}.",
    "ar": "عينات من {species}، {purpose}.",
    "zh": "{species}样品，{purpose}。",
}
_PERMIT = {
    "en": "Access permit {reference}", "fr": "Permis d’accès {reference}", "es": "Permiso de acceso {reference}",
    "ar": "تصريح الحصول رقم {reference}", "zh": "获取许可证 {reference}",
}  # fmt: skip
_CONSENT = {
    "en": "Consent was given in writing.", "fr": "Le consentement a été donné par écrit.",
    "es": "El consentimiento se otorgó por escrito.", "ar": "مُنحت الموافقة كتابةً.", "zh": "已书面同意。",
}  # fmt: skip


def permits(random: Random) -> Iterator[Sample]:
    """Permits of three countries; some declare fields confidential, one covers traditional knowledge."""
    for plan in PLANS:
        place = plan.place
        uid = f"sample-{place.code}-permit-{plan.number}"
        yield Sample("absch", f"{place.code}-pa", document("absPermit", uid, _permit(random, plan)))


def _permit(random: Random, plan: Plan) -> Fields:
    place = plan.place
    issued = date(2019, 1, 1) + timedelta(days=random.randrange(2400))
    reference = f"{place.code.upper()}-{issued.year}-{plan.number:03}"
    purpose = random.choice(("commercial", "research"))
    species = random.choice(_SPECIES[place.code])
    content: Fields = {
        "government": term(place.code),
        "absCNA": {"identifier": f"sample-{place.code}-authority"},
        "title": {language: _PERMIT[language].format(reference=reference) for language in place.languages},
        "referenceToNationalPermit": dict.fromkeys(place.languages, reference),
        "dateOfIssuance": issued.isoformat(),
        "dateOfExpiry": (issued + timedelta(days=365 * random.randrange(8, 15))).isoformat(),
        "providers": refer(plan.provider),
        "entitiesToWhomPICGranted": refer(plan.grantee),
        "subjectMatter": {
            language: _SAMPLES_OF[language].format(species=species, purpose=_PURPOSE[language][purpose])
            for language in place.languages
        },
        "keywords": terms(*plan.keywords),
        "picGranted": True,
        "picInformation": place.text(_CONSENT),
        "matEstablished": True,
        "usages": terms(COMMERCIAL if purpose == "commercial" else NON_COMMERCIAL),
    }
    if plan.number > 1:
        content["relatedIRCCs"] = refer(f"sample-{place.code}-permit-1")
    for field in plan.confidential:
        del content[field]
        content[f"{field}Confidential"] = True
    return content


_CHECKPOINTS: dict[str, tuple[Place, Texts]] = {
    "sample-de-checkpoint": (GERMANY, {
        "en": "Checkpoint for due diligence (sample)", "fr": "Point de contrôle de diligence (exemple)"}),
    "sample-de-checkpoint-patents": (GERMANY, {
        "en": "Checkpoint at the patent office (sample)", "fr": "Point de contrôle des brevets (exemple)"}),
    "sample-cn-checkpoint": (CHINA, {"zh": "海关检查点（示例）", "en": "Customs checkpoint (sample)"}),
}  # fmt: skip


def checkpoints() -> Iterator[Sample]:
    """Checkpoints of Germany and China; one informs only whom it names."""
    for uid, (place, name) in _CHECKPOINTS.items():
        content: Fields = {
            "government": term(place.code),
            "name": name,
            "jurisdiction": term(NATIONAL),
            "informAllAuthorities": uid != "sample-de-checkpoint-patents",
        }
        if uid == "sample-de-checkpoint-patents":
            content["contactsToInform"] = refer("sample-de-authority", "sample-de-inspector")
        yield Sample("absch", f"{place.code}-pa", document("absCheckpoint", uid, content))


def communiques() -> Iterator[Sample]:
    """Communiqués of Germany and China, one of them without a certificate."""
    yield _communique(GERMANY, "sample-de-communique-1", {
        "title": {"en": "Use of agave in a food product", "fr": "Utilisation d’agave dans un aliment"},
        "absCheckpoints": refer("sample-de-checkpoint"),
        "absIRCCs": refer("sample-mx-permit-2@1"),
        "personsAtCheckpoint": refer("sample-de-inspector"),
        "description": {"en": "A user declared commercial use: a sweetener.",
                        "fr": "Un utilisateur a déclaré une utilisation commerciale : un édulcorant."},
        "dateOfAccess": "2024-03-18",
    })  # fmt: skip
    yield _communique(GERMANY, "sample-de-communique-2", {
        "title": {"en": "Plant extract without a certificate", "fr": "Extrait de plante sans certificat"},
        "absCheckpoints": refer("sample-de-checkpoint-patents"),
        "absIRCCsNotAvailable": True,
        "sourceCountries": terms("ma"),
        "subjectMatter": {"en": "Essential oil of thyme.", "fr": "Huile essentielle de thym."},
        "entityWhoGrantedPIC": {"identifier": "sample-ma-authority"},
        "description": {"en": "Named in an application for a patent on a cosmetic product.",
                        "fr": "Mentionné dans une demande de brevet sur un cosmétique."},
        "dateCollectedFrom": "2021-04-01",
        "dateCollectedTo": "2021-06-30",
    })  # fmt: skip
    yield _communique(CHINA, "sample-cn-communique-1", {
        "title": {"zh": "墨西哥真菌的利用", "en": "Use of a fungus of Mexico"},
        "absCheckpoints": refer("sample-cn-checkpoint"),
        "absIRCCs": refer("sample-mx-permit-3", "sample-ma-permit-1"),
        "description": {"zh": "申报用途：非商业研究。", "en": "Declared use: research without commercial intent."},
    })  # fmt: skip


def _communique(place: Place, uid: str, content: Fields) -> Sample:
    whole = document("absCheckpointCommunique", uid, {"government": term(place.code), **content})
    return Sample("absch", f"{place.code}-pa", whole)
