"""Chapter 6: the permit is revoked; who had it is informed, and its identifiers say what they are, for ever."""

from __future__ import annotations

from clearinghouse_client.workflow import draft_revocation
from clearinghouse_demo.chapters.certificate import on_the_streams
from clearinghouse_demo.demo_run import AUTHORITY, REALM, Certificate, DemoRun, uid_of
from clearinghouse_demo.timeline import expect
from clearinghouse_demo.transmissions import Expected, check_transmissions
from clearinghouse_messages.answers import RecordAnswer

REASONS = {
    "es": "El titular no cumplió las condiciones mutuamente acordadas.",
    "en": "The holder did not keep the mutually agreed terms.",
}


async def revoke(demo: DemoRun, first: Certificate, current: Certificate) -> None:
    """The publishing authority revokes the permit with a reason."""
    demo.timeline.chapter("6. The permit is revoked")
    behind = await demo.sink.last()
    recipients = await demo.recipient_rules.certificate(current.permit)
    registry, uid = demo.registry(AUTHORITY), uid_of(current.permit)
    with demo.timeline.step(f"revoked by {AUTHORITY}, with the reason") as step:
        language = next(each for each in REASONS if each in current.record.languages)
        draft = await draft_revocation(registry, current.record, REASONS[language], language)
        since = demo.timeline.now()
        receipt = await registry.publish(REALM, uid, draft.etag)
        step.detail = receipt.identifier
        expect(receipt.status == "revoked", "a revoked certificate", receipt.status)
        expect(receipt.revision == current.record.revision, "no new revision", receipt.revision)
    await on_the_streams(demo, receipt, uid, "revoked", since)
    record = await demo.published(receipt)
    await check_transmissions(
        demo, Expected("certificate-revoked", record, recipients, since, behind), viewer=AUTHORITY
    )
    await _resolve(demo, first.record, current.record)


async def _resolve(demo: DemoRun, first: RecordAnswer, current: RecordAnswer) -> None:
    stem = current.identifier.rpartition("-")[0]
    number = str(current.number)
    expected = {
        stem: "revoked",
        current.identifier: "revoked",
        first.identifier: "superseded",
        number: "revoked",
        f"{number}@{first.revision}": "superseded",
    }
    with demo.timeline.step("old identifiers resolve, in any letter case") as step:
        asked = 0
        for identifier, status in expected.items():
            for written in {identifier, identifier.lower(), identifier.swapcase(), identifier.title()}:
                record = await demo.reader.record(written)
                expect(record.status == status, f"{written} to say {status}", record.status)
                expect(record.number == current.number, f"{written} to name record {number}", record.number)
                expect(record.statement, f"{written} to say in words what it is")
                asked += 1
        step.detail = f"{asked} spellings of {len(expected)} identifiers"
    with demo.timeline.step("the printed links still lead there") as step:
        for record in (first, current):
            found = await demo.reader.resolve(record.identifier.lower())
            expect(found.identifier == record.identifier, f"{record.link} to show it", found.identifier)
        step.detail = f"{first.link}, {current.link}"
