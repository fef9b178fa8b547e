"""Chapter 4: a permit whose provider and grantee are confidential reaches two recipients and names nobody."""

from __future__ import annotations

import json

from clearinghouse_client.errors import RefusedError
from clearinghouse_demo.chapters.certificate import on_the_streams
from clearinghouse_demo.stage import AUTHORITY, REALM, Stage, uid_of
from clearinghouse_demo.timeline import expect
from clearinghouse_demo.transmissions import Expected, check_transmissions
from clearinghouse_messages.answers import Receipt
from clearinghouse_messages.documents import Document

HIDDEN = ("providers", "entitiesToWhomPICGranted")
UNPROCESSABLE = 422


async def publish_confidential(stage: Stage) -> None:
    """Provider and grantee are declared confidential instead of named."""
    stage.timeline.chapter("4. A permit with provider and grantee confidential")
    flags = {f"{field}Confidential": True for field in HIDDEN}
    permit = stage.fresh({**stage.permit, **flags}, "demo-confidential")
    secrets = await _secrets(stage, permit)
    await _beside_its_flag(stage, permit, secrets)
    permit = {field: value for field, value in permit.items() if field not in HIDDEN}
    behind = await stage.sink.last()
    recipients = await stage.law.certificate(permit)
    with stage.timeline.step(f"drafted and published by {AUTHORITY}") as step:
        registry = stage.registry(AUTHORITY)
        draft = await registry.create_draft(REALM, permit)
        since = stage.timeline.now()
        receipt = await registry.publish(REALM, uid_of(permit), draft.etag)
        step.detail = receipt.identifier
        expect(len(recipients) == 2, "two whom the law names: focal point and authority", len(recipients))
        expect(receipt.transmissions == 2, "two transmissions owed", receipt.transmissions)
    stage.identifiers["confidentialCertificate"] = receipt.identifier
    await on_the_streams(stage, receipt, uid_of(permit), "published", since)
    record = await stage.published(receipt)
    await check_transmissions(
        stage, Expected("certificate", record, recipients, since, behind), viewer=AUTHORITY
    )
    await _named_nowhere(stage, receipt, secrets)


async def _secrets(stage: Stage, permit: Document) -> list[str]:
    """What must appear nowhere: identifiers, names and addresses of provider and grantee."""
    found: list[str] = []
    for field in HIDDEN:
        for reference in permit.get(field) or []:
            record = await stage.reader.record(reference["identifier"])
            if record.format == "authority":
                continue  # it receives the certificate as an authority, under its name
            found += [
                record.uid,
                record.identifier,
                *record.title.values(),
                *record.content.get("emails", []),
            ]
    return found


async def _beside_its_flag(stage: Stage, permit: Document, secrets: list[str]) -> None:
    if not any(permit.get(field) for field in HIDDEN):
        return
    with stage.timeline.step("a value beside its flag is refused") as step:
        try:
            await stage.registry(AUTHORITY).create_draft(REALM, permit)
        except RefusedError as error:
            problem = error.problem()
            paths = sorted(fault.path for fault in problem.errors)
            expect(error.status == UNPROCESSABLE, "the answer 422", error.status)
            named = [f"/{field}" for field in HIDDEN if permit.get(field)]
            expect(all(any(path.startswith(each) for path in paths) for each in named), f"{named}", paths)
            expect(not _leaks(problem.model_dump_json(), secrets), "a refusal that repeats no refused value")
            step.detail = ", ".join(paths)
        else:
            expect(False, "a refusal")


async def _named_nowhere(stage: Stage, receipt: Receipt, secrets: list[str]) -> None:
    with stage.timeline.step("provider and grantee are named in no letter, event or answer") as step:
        mine = [letter for letter in stage.letters if letter.record == receipt.identifier]
        letters = [letter.model_dump_json() for letter in mine]
        seen = [*stage.followers.ledger.events, *stage.followers.kafka.events]
        events = [event.model_dump_json() for event in seen if event.record in receipt.identifier]
        address = f"/v1/records/{receipt.identifier}"
        answers = [
            receipt.model_dump_json(),
            json.dumps(await stage.reader.connection.read(address), ensure_ascii=False),
            json.dumps(
                await stage.registry(AUTHORITY).connection.read(f"{address}/transmissions"),
                ensure_ascii=False,
            ),
        ]
        places = [*letters, *events, *answers]
        expect(letters and events, "letters and events to look into")
        expect(not any(_leaks(place, secrets) for place in places), "no name of the provider or the grantee")
        step.detail = f"{len(letters)} letters, {len(events)} events, {len(answers)} answers searched"


def _leaks(text: str, secrets: list[str]) -> bool:
    return any(secret.casefold() in text.casefold() for secret in secrets if secret)
