"""The publishing authorities of a benchmark: one for each of several countries, with whom their permits name.

Two publications of one authority rest on the same designation and wait for one another; those of several
countries do not, as in production.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from clearinghouse_client.api import Registry
from clearinghouse_client.connection import Connection
from clearinghouse_demo.demo_run import bundled_document
from clearinghouse_demo.samples.document import document, refer, term
from clearinghouse_local.engines import Child, EngineError
from clearinghouse_local.issuer import KeyRing, LocalIssuer
from clearinghouse_local.services import python, service_environment
from clearinghouse_local.stack import Stack

REALM = "absch"
COUNTRIES = ("ar", "br", "cl", "eg", "et", "fr", "id", "in", "jo", "ke", "my", "pe", "sn", "th", "vn", "za")

_LOAD_SECONDS = 120.0
_JURISDICTION = "7437F880-7B12-4F26-AA91-CED37250DD0A"


@dataclass(frozen=True)
class BenchAuthority:
    """A country's publishing authority, signed in."""

    country: str
    registry: Registry

    def permit(self) -> dict[str, Any]:
        """The demo's permit as this country would issue it, under an identifier that no other has."""
        example = bundled_document("permit.json")
        header = {**example["header"], "identifier": f"bench-permit-{secrets.token_hex(8)}"}
        return {
            **example,
            "header": header,
            "government": term(self.country),
            "absCNA": term(_uid(self.country, "authority")),
            "providers": refer(_uid(self.country, "provider")),
            "entitiesToWhomPICGranted": refer(_uid(self.country, "grantee")),
        }


def load_authorities(stack: Stack, countries: Sequence[str]) -> None:
    """Have the registry load the authorities and the records that their permits refer to. Raises EngineError."""
    folder = stack.settings.data_dir
    file = folder / "bench.jsonl"
    lines = [json.dumps(line) for country in countries for line in _lines(country)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    env = service_environment(stack.settings, "bench-load", "registry", mongo_uri=stack.mongo.uri)
    command = python(["registry", "load", str(file.absolute())])
    child = Child("registry load", command, log=folder / "logs" / "bench-load.log", env=env)
    child.spawn()
    try:
        if child.wait(_LOAD_SECONDS) != 0:
            raise EngineError(f"the registry could not load the authorities; see its log: {child.log}")
    finally:
        child.stop()


def signed_in(stack: Stack, http: httpx.AsyncClient, countries: Sequence[str]) -> list[BenchAuthority]:
    """The authorities with tokens of the stack's own issuer, which signs here: it knows them only as names."""
    keys = KeyRing(_issuer_folder(stack))
    issuer = LocalIssuer(stack.addresses.issuer, audience=stack.settings.audience, keys=keys)

    def registry(country: str) -> Registry:
        token = issuer.token(_person(country))

        async def bearer() -> str:
            return token

        return Registry(Connection(stack.addresses.registry, http, bearer))

    return [BenchAuthority(country, registry(country)) for country in countries]


def _issuer_folder(stack: Stack) -> Path:
    return stack.settings.data_dir / "issuer"


def _person(country: str) -> str:
    return f"bench-{country}-pa"


def _uid(country: str, what: str) -> str:
    return f"bench-{country}-{what}"


def _lines(country: str) -> Iterator[dict[str, Any]]:
    """The lines of the loading format for one country."""
    person = _person(country)
    mail = f"{person}@{country}.example"
    yield {"kind": "person", "sub": person, "name": f"Authority {country}", "email": mail, "language": "en"}
    yield {
        "kind": "designation",
        "person": person,
        "realm": REALM,
        "role": "publishing-authority",
        "country": country,
        "reason": "To measure the system",
    }
    for record in _records(country):
        yield {"kind": "record", "realm": REALM, "by": person, "document": record}


def _records(country: str) -> Iterator[dict[str, Any]]:
    place = {"country": term(country), "city": {"en": "Capital"}, "phones": ["+1 555 0100"]}
    seat = {"government": term(country), **place}

    def mail(who: str) -> dict[str, Any]:
        return {"emails": [f"{who}@{country}.example"]}

    yield document(
        "focalPoint",
        _uid(country, "focal-point"),
        {
            **seat,
            **mail("focal-point"),
            "categories": ["ABS-FP"],
            "firstName": "Focal",
            "lastName": "Point",
            "designation": {"en": "National focal point"},
            "organization": {"en": "Ministry"},
        },
    )
    yield document(
        "authority",
        _uid(country, "authority"),
        {
            **seat,
            **mail("authority"),
            "name": {"en": "Authority on access"},
            "address": {"en": "1 Main Street"},
            "postalCode": {"en": "10000"},
            "responsibleForAll": True,
            "responsibilities": {"en": "Grants access to genetic resources."},
            "absJurisdiction": [term(_JURISDICTION)],
            "absGeneticResourceTypes": [term("genetic-plants")],
        },
    )
    yield document(
        "contact",
        _uid(country, "provider"),
        {
            **place,
            **mail("provider"),
            "type": "person",
            "firstName": "Pro",
            "lastName": "Vider",
            "organization": {"en": "Community"},
        },
    )
    yield document(
        "contact",
        _uid(country, "grantee"),
        {
            **place,
            **mail("grantee"),
            "type": "person",
            "firstName": "Gran",
            "lastName": "Tee",
            "organization": {"en": "Company"},
        },
    )
