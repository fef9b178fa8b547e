"""The four countries of the samples, in the languages that they write in. Nobody and nothing here is real."""

from __future__ import annotations

from dataclasses import dataclass

Texts = dict[str, str]


@dataclass(frozen=True)
class Place:
    """One country."""

    code: str
    languages: tuple[str, ...]
    """What its records are written in, its own language first."""
    capital: Texts
    street: Texts
    postal_code: str
    dial: str
    """The beginning of its telephone numbers."""
    ministry: Texts
    institute: Texts
    focal_point: tuple[str, str]
    """First and last name."""
    second: tuple[str, str]
    """Somebody else there."""

    def text(self, texts: Texts) -> Texts:
        """What of a text is in the country's languages."""
        return {language: texts[language] for language in self.languages}


MEXICO = Place(
    code="mx",
    languages=("es", "en"),
    capital={"es": "Ciudad de México", "en": "Mexico City"},
    street={"es": "Avenida Ejército Nacional 223, Colonia Anáhuac", "en": "Avenida Ejército Nacional 223"},
    postal_code="11320",
    dial="+52 55",
    ministry={
        "es": "Dirección General de Vida Silvestre (muestra)",
        "en": "Directorate-General for Wildlife (sample)",
    },
    institute={
        "es": "Instituto de Recursos Fitogenéticos (muestra)",
        "en": "Institute of Plant Genetic Resources (sample)",
    },
    focal_point=("Lucía", "Hernández"),
    second=("Rosa", "Domínguez"),
)

GERMANY = Place(
    code="de",
    languages=("en", "fr"),
    capital={"en": "Bonn", "fr": "Bonn"},
    street={"en": "Konstantinstraße 110", "fr": "Konstantinstraße 110"},
    postal_code="53179",
    dial="+49 228",
    ministry={
        "en": "Federal Office for Access to Genetic Resources (sample)",
        "fr": "Office fédéral de l’accès aux ressources génétiques (exemple)",
    },
    institute={
        "en": "Botanical Research Centre of the Rhine (sample)",
        "fr": "Centre de recherche botanique du Rhin (exemple)",
    },
    focal_point=("Katrin", "Vogel"),
    second=("Henning", "Albers"),
)

MOROCCO = Place(
    code="ma",
    languages=("ar", "fr"),
    capital={"ar": "الرباط", "fr": "Rabat"},
    street={"ar": "شارع الأركان، حي الرياض", "fr": "Avenue Al Araar, Hay Riad"},
    postal_code="10100",
    dial="+212 537",
    ministry={
        "ar": "مديرية الموارد الجينية (نموذج)",
        "fr": "Direction des ressources génétiques (exemple)",
    },
    institute={
        "ar": "المعهد الوطني للنباتات الطبية والعطرية (نموذج)",
        "fr": "Institut national des plantes médicinales et aromatiques (exemple)",
    },
    focal_point=("Naima", "Tazi"),
    second=("Khalid", "Amrani"),
)

CHINA = Place(
    code="cn",
    languages=("zh", "en"),
    capital={"zh": "北京", "en": "Beijing"},
    street={"zh": "西直门南小街115号", "en": "115 Xizhimen Nanxiaojie"},
    postal_code="100035",
    dial="+86 10",
    ministry={"zh": "遗传资源管理司（示例）", "en": "Department of Genetic Resources (sample)"},
    institute={"zh": "微生物资源研究所（示例）", "en": "Institute of Microbial Resources (sample)"},
    focal_point=("Zhang", "Wei"),
    second=("Liu", "Yang"),
)

PLACES = (MEXICO, GERMANY, MOROCCO, CHINA)
