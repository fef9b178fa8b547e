"""Chapter 5: Germany's checkpoint reports a use, once with the certificate and once without any."""

from __future__ import annotations

from clearinghouse_demo.chapters.certificate import on_the_streams
from clearinghouse_demo.demo_run import (
    CHECKPOINT,
    REALM,
    SECRETARIAT,
    Certificate,
    DemoRun,
    bundled_document,
    uid_of,
)
from clearinghouse_demo.timeline import expect
from clearinghouse_demo.transmissions import Expected, check_transmissions
from clearinghouse_messages.answers import RecordAnswer
from clearinghouse_messages.documents import Document

SOURCES = ("mx", "ma")


async def report_uses(demo: DemoRun, certificate: Certificate) -> None:
    """Publish both communiqués and find the first one with the permit."""
    demo.timeline.chapter("5. A checkpoint of Germany reports what is made of the resource")
    template = bundled_document("communique.json")
    uid = certificate.record.uid
    with_it = demo.fresh({**template, "absIRCCs": [{"identifier": uid}]}, "demo-communique")
    record = await _communique(demo, with_it, "communique", "communiqué on the certificate")
    await _listed(demo, certificate, record)
    without = demo.fresh(
        {
            **template,
            "absIRCCsNotAvailable": True,
            "sourceCountries": [{"identifier": country} for country in SOURCES],
            "subjectMatter": {"en": "Plant extract of unknown permit, offered as a sweetener."},
        },
        "demo-uncertified",
    )
    name, title = "communiqueWithoutCertificate", "communiqué without a certificate"
    await _communique(demo, without, name, title, viewer=SECRETARIAT)


async def _communique(
    demo: DemoRun, document: Document, name: str, title: str, *, viewer: str = CHECKPOINT
) -> RecordAnswer:
    behind = await demo.sink.last()
    recipients = await demo.recipient_rules.communique(document)
    registry = demo.registry(CHECKPOINT)
    with demo.timeline.step(f"{title}, published by {CHECKPOINT}") as step:
        draft = await registry.create_draft(REALM, document)
        since = demo.timeline.now()
        receipt = await registry.publish(REALM, uid_of(document), draft.etag)
        step.detail = f"{receipt.identifier}, {receipt.transmissions} transmissions owed"
        expect(
            receipt.transmissions == len(recipients),
            f"{len(recipients)} transmissions owed",
            receipt.transmissions,
        )
    demo.identifiers[name] = receipt.identifier
    await on_the_streams(demo, receipt, uid_of(document), "published", since)
    record = await demo.published(receipt)
    await check_transmissions(demo, Expected("communique", record, recipients, since, behind), viewer=viewer)
    return record


async def _listed(demo: DemoRun, certificate: Certificate, communique: RecordAnswer) -> None:
    with demo.timeline.step("the permit lists the communiqué") as step:
        permit = await demo.reader.record(certificate.record.identifier)
        listed = [referrer.identifier for referrer in permit.referred_by]
        expect(communique.identifier in listed, f"{communique.identifier} among its referrers", listed)
        step.detail = f"{permit.identifier} ← {communique.identifier}"
