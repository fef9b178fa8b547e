"""Chapter 4: a permit whose provider and grantee are confidential reaches two recipients and names nobody."""

from __future__ import annotations

import json

from clearinghouse_client.errors import RefusedError
from clearinghouse_demo.chapters.certificate import on_the_streams
from clearinghouse_demo.demo_run import AUTHORITY, REALM, DemoRun, uid_of
from clearinghouse_demo.timeline import expect
from clearinghouse_demo.transmissions import Expected, check_transmissions
from clearinghouse_messages.answers import Receipt
from clearinghouse_messages.documents import Document

HIDDEN = ("providers", "entitiesToWhomPICGranted")
UNPROCESSABLE = 422


async def publish_confidential(demo: DemoRun) -> None:
    """Provider and grantee are declared confidential instead of named."""
    demo.timeline.chapter("4. A permit with provider and grantee confidential")
    flags = {f"{field}Confidential": True for field in HIDDEN}
    permit = demo.fresh({**demo.permit, **flags}, "demo-confidential")
    secrets = await _secrets(demo, permit)
    await _beside_its_flag(demo, permit, secrets)
    permit = {field: value for field, value in permit.items() if field not in HIDDEN}
    behind = await demo.sink.last()
    recipients = await demo.recipient_rules.certificate(permit)
    with demo.timeline.step(f"drafted and published by {AUTHORITY}") as step:
        registry = demo.registry(AUTHORITY)
        draft = await registry.create_draft(REALM, permit)
        since = demo.timeline.now()
        receipt = await registry.publish(REALM, uid_of(permit), draft.etag)
        step.detail = receipt.identifier
        expect(
            len(recipients) == 2,
            "two whom the law names: focal point and authority",
            len(recipients),
        )
        expect(receipt.transmissions == 2, "two transmissions owed", receipt.transmissions)
    demo.identifiers["confidentialCertificate"] = receipt.identifier
    await on_the_streams(demo, receipt, uid_of(permit), "published", since)
    record = await demo.published(receipt)
    await check_transmissions(
        demo, Expected("certificate", record, recipients, since, behind), viewer=AUTHORITY
    )
    await _named_nowhere(demo, receipt, secrets)


async def _secrets(demo: DemoRun, permit: Document) -> list[str]:
    """What must appear nowhere: identifiers, names and addresses of provider and grantee."""
    found: list[str] = []
    for field in HIDDEN:
        for reference in permit.get(field) or []:
            record = await demo.reader.record(reference["identifier"])
            if record.format == "authority":
                continue  # it receives the certificate as an authority, under its name
            found += [
                record.uid,
                record.identifier,
                *record.title.values(),
                *record.content.get("emails", []),
            ]
    return found


async def _beside_its_flag(demo: DemoRun, permit: Document, secrets: list[str]) -> None:
    if not any(permit.get(field) for field in HIDDEN):
        return
    with demo.timeline.step("a value beside its flag is refused") as step:
        try:
            await demo.registry(AUTHORITY).create_draft(REALM, permit)
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


async def _named_nowhere(demo: DemoRun, receipt: Receipt, secrets: list[str]) -> None:
    with demo.timeline.step("provider and grantee are named in no letter, event or answer") as step:
        mine = [letter for letter in demo.letters if letter.record == receipt.identifier]
        letters = [letter.model_dump_json() for letter in mine]
        seen = [*demo.followers.ledger.events, *demo.followers.kafka.events]
        events = [event.model_dump_json() for event in seen if event.record in receipt.identifier]
        address = f"/v1/records/{receipt.identifier}"
        answers = [
            receipt.model_dump_json(),
            json.dumps(await demo.reader.connection.read(address), ensure_ascii=False),
            json.dumps(
                await demo.registry(AUTHORITY).connection.read(f"{address}/transmissions"),
                ensure_ascii=False,
            ),
        ]
        places = [*letters, *events, *answers]
        expect(letters and events, "letters and events to look into")
        expect(not any(_leaks(place, secrets) for place in places), "no name of the provider or the grantee")
        step.detail = f"{len(letters)} letters, {len(events)} events, {len(answers)} answers searched"


def _leaks(text: str, secrets: list[str]) -> bool:
    return any(secret.casefold() in text.casefold() for secret in secrets if secret)
