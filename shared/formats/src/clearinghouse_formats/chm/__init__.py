"""The Clearing-House Mechanism of the Convention on Biological Diversity: its row."""

from clearinghouse_formats.declare import Realm
from clearinghouse_formats.vocabulary import names

REALM = Realm(
    slug="chm",
    prefix="CHM",
    name=names(
        "Clearing-House Mechanism",
        "Centre d’échange d’informations",
        "Mecanismo de facilitación",
        "Механизм посредничества",
        "آلية غرفة تبادل المعلومات",
        "信息交换所机制",
    ),
    instrument=names(
        "Convention on Biological Diversity",
        "Convention sur la diversité biologique",
        "Convenio sobre la Diversidad Biológica",
        "Конвенция о биологическом разнообразии",
        "اتفاقية التنوع البيولوجي",
        "《生物多样性公约》",
    ),
    mail_identity="chm",
    focal_points=frozenset({"CBD-FP1"}),
    short_codes={"focalPoint": "NFP", "contact": "CON", "resource": "VLR", "organization": "ORG"},
)
