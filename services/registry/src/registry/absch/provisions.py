"""The provisions that name the recipients of official transmissions, by the keys that transmissions carry.

Sources: Nagoya Protocol, Articles 14 and 17; modalities of operation of the ABS Clearing-House (decision NP-1/2).
The letters word them in six languages; here they stand as the evidence shows them.
"""

PROVISIONS = {
    "certificate.country": (
        "Nagoya Protocol, Articles 14.2 (c) and 17.2; decision NP-1/2: a copy of the certificate to the national "
        "focal point and the competent national authorities of the country that issued the permit"
    ),
    "certificate.provider": "Decision NP-1/2: a copy of the certificate to the provider, unless confidential",
    "certificate.grantee": (
        "Decision NP-1/2: a copy of the certificate to whom prior informed consent was granted, unless confidential"
    ),
    "communique.user-country": (
        "Nagoya Protocol, Article 17.1 (a); decision NP-1/2: a copy of the communique to the designated national "
        "authorities of the user country, as the checkpoint's record says"
    ),
    "communique.provider-country": (
        "Nagoya Protocol, Article 17.1 (a); decision NP-1/2: a copy of the communique to the national focal point "
        "and the competent national authorities of the country that provides the resource"
    ),
    "communique.grantee": (
        "Decision NP-1/2: a copy of the communique to whom prior informed consent was granted, unless confidential"
    ),
    "revocation.informed": "Decision NP-1/2: whoever received the certificate is informed that it is no longer valid",
}
