"""The persons to try the system with. The issuer knows who they are; the samples designate them."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "try-it"  # noqa: S105 - the password of every person to try, shown to whoever starts the stack


@dataclass(frozen=True)
class TrialPerson:
    """Someone who can log in at the local issuer."""

    sub: str
    """Who they are in tokens; their username too."""
    name: str
    email: str
    language: str
    """One of ar, en, es, fr, ru, zh."""
    role: str | None
    """What they are designated as; None for who has no role."""
    country: str | None
    """ISO 3166-1 alpha-2, lower case; None for the Secretariat and for who has no role."""


PERSONS: tuple[TrialPerson, ...] = (
    TrialPerson(
        "secretariat", "Amina Okafor", "secretariat@clearinghouse.example", "en", "secretariat", None
    ),
    TrialPerson(
        "mx-nfp", "Lucía Hernández", "lucia.hernandez@mx.example", "es", "national-focal-point", "mx"
    ),
    TrialPerson("mx-pa", "Javier Ortega", "javier.ortega@mx.example", "es", "publishing-authority", "mx"),
    TrialPerson(
        "mx-nau", "Ximena Castillo", "ximena.castillo@mx.example", "es", "national-authorized-user", "mx"
    ),
    TrialPerson("mx-cna", "Tomás Aguilar", "tomas.aguilar@mx.example", "es", None, "mx"),
    TrialPerson("de-nfp", "Katrin Vogel", "katrin.vogel@de.example", "en", "national-focal-point", "de"),
    TrialPerson("de-pa", "Matthias Brandt", "matthias.brandt@de.example", "en", "publishing-authority", "de"),
    TrialPerson(
        "de-nau", "Leonie Fischer", "leonie.fischer@de.example", "en", "national-authorized-user", "de"
    ),
    TrialPerson("ma-pa", "سلمى بنعلي", "salma.benali@ma.example", "ar", "publishing-authority", "ma"),
    TrialPerson(
        "ma-nau", "Youssef El Idrissi", "youssef.elidrissi@ma.example", "fr", "national-authorized-user", "ma"
    ),
    TrialPerson("cn-pa", "陈思远", "chen.siyuan@cn.example", "zh", "publishing-authority", "cn"),
    TrialPerson("cn-nau", "李文静", "li.wenjing@cn.example", "zh", "national-authorized-user", "cn"),
    TrialPerson("stranger", "Robin Stranger", "robin.stranger@elsewhere.example", "en", None, None),
)

PARTNER_SYSTEMS: tuple[str, ...] = ("partner-system",)
"""Systems that log in with client credentials: identifier as here, secret = ``PASSWORD``."""
