"""The Access and Benefit-sharing Clearing-House: its row and the formats that it alone has."""

from clearinghouse_formats.absch import checkpoint, measure, permit
from clearinghouse_formats.declare import Realm
from clearinghouse_formats.vocabulary import names

REALM = Realm(
    slug="absch",
    prefix="ABSCH",
    name=names(
        "Access and Benefit-sharing Clearing-House",
        "Centre d’échange sur l’accès et le partage des avantages",
        "Centro de Intercambio de Información sobre Acceso y Participación en los Beneficios",
        "Механизм посредничества по доступу и совместному использованию выгод",
        "غرفة تبادل معلومات الحصول وتقاسم المنافع",
        "获取和惠益分享信息交换所",
    ),
    instrument=names(
        "Nagoya Protocol",
        "Protocole de Nagoya",
        "Protocolo de Nagoya",
        "Нагойский протокол",
        "بروتوكول ناغويا",
        "《名古屋议定书》",
    ),
    mail_identity="absch",
    focal_points=frozenset({"ABS-FP"}),
    short_codes={
        "focalPoint": "NFP",
        "authority": "CNA",
        "measure": "MSR",
        "absPermit": "IRCC",
        "database": "NDB",
        "absCheckpoint": "CP",
        "absCheckpointCommunique": "CPC",
        "contact": "CON",
        "resource": "VLR",
        "organization": "ORG",
    },
)

FORMATS = (*permit.FORMATS, *checkpoint.FORMATS, *measure.FORMATS)
