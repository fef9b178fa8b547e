"""Chapter 5: Germany's checkpoint reports a use, once with the certificate and once without any."""

from __future__ import annotations

from clearinghouse_demo.chapters.certificate import on_the_streams
from clearinghouse_demo.stage import CHECKPOINT, REALM, SECRETARIAT, Certificate, Stage, shipped, uid_of
from clearinghouse_demo.timeline import expect
from clearinghouse_demo.transmissions import Expected, check_transmissions
from clearinghouse_messages.answers import RecordAnswer
from clearinghouse_messages.documents import Document

SOURCES = ("mx", "ma")


async def report_uses(stage: Stage, certificate: Certificate) -> None:
    """Publish both communiqués and find the first one with the permit."""
    stage.timeline.chapter("5. A checkpoint of Germany reports what is made of the resource")
    template = shipped("communique.json")
    uid = certificate.record.uid
    with_it = stage.fresh({**template, "absIRCCs": [{"identifier": uid}]}, "demo-communique")
    record = await _communique(stage, with_it, "communique", "communiqué on the certificate")
    await _listed(stage, certificate, record)
    without = stage.fresh(
        {
            **template,
            "absIRCCsNotAvailable": True,
            "sourceCountries": [{"identifier": country} for country in SOURCES],
            "subjectMatter": {"en": "Plant extract of unknown permit, offered as a sweetener."},
        },
        "demo-uncertified",
    )
    name, title = "communiqueWithoutCertificate", "communiqué without a certificate"
    await _communique(stage, without, name, title, viewer=SECRETARIAT)


async def _communique(
    stage: Stage, document: Document, name: str, title: str, *, viewer: str = CHECKPOINT
) -> RecordAnswer:
    behind = await stage.sink.last()
    recipients = await stage.law.communique(document)
    registry = stage.registry(CHECKPOINT)
    with stage.timeline.step(f"{title}, published by {CHECKPOINT}") as step:
        draft = await registry.create_draft(REALM, document)
        since = stage.timeline.now()
        receipt = await registry.publish(REALM, uid_of(document), draft.etag)
        step.detail = f"{receipt.identifier}, {receipt.transmissions} transmissions owed"
        expect(
            receipt.transmissions == len(recipients),
            f"{len(recipients)} transmissions owed",
            receipt.transmissions,
        )
    stage.identifiers[name] = receipt.identifier
    await on_the_streams(stage, receipt, uid_of(document), "published", since)
    record = await stage.published(receipt)
    await check_transmissions(stage, Expected("communique", record, recipients, since, behind), viewer=viewer)
    return record


async def _listed(stage: Stage, certificate: Certificate, communique: RecordAnswer) -> None:
    with stage.timeline.step("the permit lists the communiqué") as step:
        permit = await stage.reader.record(certificate.record.identifier)
        listed = [referrer.identifier for referrer in permit.referred_by]
        expect(communique.identifier in listed, f"{communique.identifier} among its referrers", listed)
        step.detail = f"{permit.identifier} ← {communique.identifier}"
