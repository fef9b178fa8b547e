"""Chapter 3: the permit is amended with a reason; the new revision is valid, the former is superseded."""

from __future__ import annotations

from clearinghouse_client.documents import UPDATE, with_intent, with_reason
from clearinghouse_client.errors import RefusedError
from clearinghouse_demo.chapters.certificate import on_the_streams
from clearinghouse_demo.demo_run import AUTHORITY, REALM, Certificate, DemoRun, uid_of
from clearinghouse_demo.timeline import expect
from clearinghouse_demo.transmissions import Expected, check_transmissions
from clearinghouse_messages.documents import Document

CHANGE = {
    "es": "Toda transferencia a terceros requiere el consentimiento previo por escrito de la autoridad.",
    "en": "Any transfer to third parties requires the prior written consent of the authority.",
}
REASONS = {
    "es": "Se precisa la transferencia a terceros.",
    "en": "The transfer to third parties is specified.",
}


async def amend(demo: DemoRun, certificate: Certificate) -> Certificate:
    """The publishing authority amends the permit."""
    demo.timeline.chapter("3. The permit is amended")
    uid = uid_of(certificate.permit)
    language, amended = _amended(certificate.permit)
    etag = await _without_reason(demo, amended)
    amended = with_intent(with_reason(amended, REASONS[language], language), UPDATE)
    behind = await demo.sink.last()
    recipients = await demo.recipient_rules.certificate(amended)
    with demo.timeline.step(f"amended by {AUTHORITY}, with the reason") as step:
        registry = demo.registry(AUTHORITY)
        draft = await registry.replace_draft(REALM, uid, amended, etag)
        since = demo.timeline.now()
        receipt = await registry.publish(REALM, uid, draft.etag)
        step.detail = receipt.identifier
        expect(receipt.revision == certificate.record.revision + 1, "the next revision", receipt.revision)
    demo.identifiers["amendedCertificate"] = receipt.identifier
    await on_the_streams(demo, receipt, uid, "amended", since)
    record = await demo.published(receipt)
    await check_transmissions(
        demo, Expected("certificate", record, recipients, since, behind), viewer=AUTHORITY
    )
    await _superseded(demo, certificate.record.identifier, record.identifier)
    return Certificate(record, amended)


def _amended(permit: Document) -> tuple[str, Document]:
    """The permit with one field changed, and the language of the reason."""
    languages = permit["header"]["languages"]
    stated = {language: text for language, text in CHANGE.items() if language in languages}
    expect(stated, "a permit written in Spanish or English", ", ".join(languages))
    return next(iter(stated)), {**permit, "thirdPartyTransferCondition": stated}


async def _without_reason(demo: DemoRun, amended: Document) -> str | None:
    """The entity tag of the draft that lacks its reason."""
    registry = demo.registry(AUTHORITY)
    with demo.timeline.step("an amendment without a reason is refused") as step:
        draft = await registry.create_draft(REALM, amended)
        paths: list[str] = []
        try:
            await registry.publish(REALM, uid_of(amended), draft.etag)
        except RefusedError as error:
            paths = [fault.path for fault in error.problem().errors]
        expect(
            "/amendmentDescription" in paths, "a refusal that names /amendmentDescription", paths or "none"
        )
        step.detail = "/amendmentDescription"
    return draft.etag


async def _superseded(demo: DemoRun, former: str, current: str) -> None:
    with demo.timeline.step("revision 1 says that it is superseded") as step:
        old = await demo.reader.record(former)
        expect(old.status == "superseded", f"{former} superseded", old.status)
        expect(old.current == current, f"{former} naming {current} as the current one", old.current)
        step.detail = f"{former} → {current}"
