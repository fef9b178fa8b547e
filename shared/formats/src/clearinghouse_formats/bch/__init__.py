"""The Biosafety Clearing-House: its row and the formats that it alone has."""

from clearinghouse_formats.bch import law
from clearinghouse_formats.declare import Realm
from clearinghouse_formats.vocabulary import names

REALM = Realm(
    slug="bch",
    prefix="BCH",
    name=names(
        "Biosafety Clearing-House",
        "Centre d’échange pour la prévention des risques biotechnologiques",
        "Centro de Intercambio de Información sobre Seguridad de la Biotecnología",
        "Механизм посредничества по биобезопасности",
        "غرفة تبادل معلومات السلامة الأحيائية",
        "生物安全信息交换所",
    ),
    instrument=names(
        "Cartagena Protocol on Biosafety",
        "Protocole de Cartagena sur la prévention des risques biotechnologiques",
        "Protocolo de Cartagena sobre Seguridad de la Biotecnología",
        "Картахенский протокол по биобезопасности",
        "بروتوكول قرطاجنة للسلامة الأحيائية",
        "《卡塔赫纳生物安全议定书》",
    ),
    mail_identity="bch",
    focal_points=frozenset({"CPB-FP1", "BCH-FP"}),
    short_codes={
        "focalPoint": "NFP",
        "authority": "CNA",
        "biosafetyLaw": "LAW",
        "database": "NDB",
        "contact": "CON",
        "resource": "VLR",
        "organization": "ORG",
    },
)

FORMATS = law.FORMATS
