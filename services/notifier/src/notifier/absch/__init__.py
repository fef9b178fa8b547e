"""What only the ABS Clearing-House does in the notifier: the letters that the Nagoya Protocol owes.

They are about certificates, their revocation and checkpoint communiqués.
Sources: Nagoya Protocol, Articles 14.2 (c) and 17; decision NP-1/2, modalities of operation.
"""

from importlib.resources import files

from notifier.application.letters import LettersOfKind, NotifierExtension, RealmLetters

EXTENSION = NotifierExtension(
    letters=RealmLetters(
        kinds={
            "certificate": LettersOfKind(
                first="certificate", later="certificate-amended", expiry_field="dateOfExpiry"
            ),
            "certificate-revoked": LettersOfKind(
                first="certificate-revoked",
                later="certificate-revoked",
                expiry_field="dateOfExpiry",
                # What is revoked is the last version itself; it replaces none by being revoked.
                shows_replaced=False,
            ),
            "communique": LettersOfKind(first="communique", later="communique-amended"),
        },
        words=files(__name__).joinpath("words"),
    )
)
