"""The life of a record, from draft to its end, and who may take which step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.absch import RULES
from registry.application import drafts, people, publication, requests
from registry.application.idempotency import Caller
from registry.application.people import Appointment
from registry.application.records import show
from registry.domain.entities import Designation, Draft, Remembered, Request
from registry.domain.refusals import Refusal
from tests.registry.support import records
from tests.registry.support.records import ref, text
from tests.registry.support.world import World, content_of, populated

PERMIT = "permit-number-1"
NAU, PA = Caller("mx-nau"), Caller("mx-pa")


@pytest.fixture
async def world() -> World:
    return await populated(RULES)


async def requested(world: World, document: records.Document) -> Request:
    shown = await drafts.create(world.context, NAU, "absch", document)
    return await requests.open_request(world.context, NAU, "absch", shown.draft.uid, shown.draft.version)


async def refused(slug: str, command: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await command  # type: ignore[misc]  # a coroutine
    assert caught.value.slug == slug
    return caught.value


async def test_a_user_drafts_and_asks_and_the_authority_approves(world: World) -> None:
    request = await requested(world, records.permit(PERMIT))
    made = await requests.approve(world.context, PA, "absch", request.id)
    assert made.request.status == "approved"
    assert made.publication.changed.revision.published_by == "mx-pa"
    assert await world.store.find(Draft, {}) == []
    opened, approved = world.stated("requests")
    assert [person["person"] for person in opened.data["audience"]] == ["mx-pa"]
    assert [person["person"] for person in approved.data["audience"]] == ["mx-nau"]
    assert (opened.seq, approved.seq) == (1, 2)


async def test_an_authorized_user_never_publishes(world: World) -> None:
    shown = await world.draft("mx-nau", "absch", records.permit(PERMIT))
    await refused("forbidden", publication.publish(world.context, NAU, "absch", PERMIT, 1, None))
    request = await requests.open_request(world.context, NAU, "absch", shown.draft.uid, 1)
    await refused("forbidden", requests.approve(world.context, NAU, "absch", request.id))
    assert world.stated("transmissions") == []


@pytest.mark.parametrize("who", ["de-pa", "de-nau", "secretariat", "stranger"])
async def test_nobody_drafts_or_publishes_for_another_country(world: World, who: str) -> None:
    await refused("forbidden", world.draft(who, "absch", records.permit(PERMIT)))
    request = await requested(world, records.permit("permit-number-2"))
    await refused("forbidden", requests.approve(world.context, Caller(who), "absch", request.id))


async def test_a_locked_draft_is_neither_changed_nor_discarded_nor_published(world: World) -> None:
    await requested(world, records.permit(PERMIT))
    locked = await drafts.read(world.context, NAU, "absch", PERMIT)
    etag = locked.draft.version
    for command in (
        drafts.replace(world.context, NAU, "absch", PERMIT, records.permit(PERMIT), etag),
        drafts.discard(world.context, PA, "absch", PERMIT, etag),
        publication.publish(world.context, PA, "absch", PERMIT, etag, None),
        requests.open_request(world.context, NAU, "absch", PERMIT, etag),
    ):
        await refused("draft-locked", command)


@pytest.mark.parametrize("ending", ["reject", "recall", "time out"])
async def test_a_request_that_ends_without_approval_gives_the_draft_back(world: World, ending: str) -> None:
    request = await requested(world, records.permit(PERMIT))
    match ending:
        case "reject":
            await requests.reject(world.context, PA, "absch", request.id, "The date is missing")
        case "recall":
            await requests.recall_request(world.context, NAU, "absch", request.id)
        case _:
            world.wait(timedelta(weeks=12, seconds=1))
            assert await requests.time_out(world.context) == 1
    free = await drafts.read(world.context, NAU, "absch", PERMIT)
    assert free.draft.request is None
    await refused("request-closed", requests.approve(world.context, PA, "absch", request.id))
    told = world.stated("requests")[-1]
    assert "mx-nau" in [person["person"] for person in told.data["audience"]]
    assert world.stated("records")[-1].record != request.record


async def test_only_its_author_recalls_a_request(world: World) -> None:
    request = await requested(world, records.permit(PERMIT))
    await refused("forbidden", requests.recall_request(world.context, PA, "absch", request.id))


async def test_a_request_that_could_not_be_published_is_refused_with_every_fault(world: World) -> None:
    document = records.permit(PERMIT, picGranted=False, matEstablished=None, absCNA=ref("provider-contact"))
    shown = await world.draft("mx-nau", "absch", document)
    refusal = await refused(
        "invalid-record", requests.open_request(world.context, NAU, "absch", PERMIT, shown.draft.version)
    )
    assert {fault.path for fault in refusal.faults} == {
        "/picGranted",
        "/matEstablished",
        "/absCNA/identifier",
    }


async def test_a_reference_to_nothing_or_to_a_draft_or_to_a_future_revision_is_refused(world: World) -> None:
    await world.draft("mx-nau", "absch", records.contact("contact-in-draft"))
    document = records.permit(
        PERMIT,
        providers=[ref("contact-in-draft"), ref("provider-contact@2")],
        entitiesToWhomPICGranted=[ref("nobody-at-all")],
    )
    refusal = await refused("invalid-record", world.publish("mx-pa", "absch", document))
    assert {(fault.path, fault.code) for fault in refusal.faults} == {
        ("/providers/0/identifier", "reference-not-found"),
        ("/providers/1/identifier", "reference-not-found"),
        ("/entitiesToWhomPICGranted/0/identifier", "reference-not-found"),
    }


async def test_of_two_who_edit_one_draft_the_later_is_told(world: World) -> None:
    shown = await world.draft("mx-nau", "absch", records.permit(PERMIT))
    mine, his = records.permit(PERMIT, title=text("Mine")), records.permit(PERMIT, title=text("His"))
    await drafts.replace(world.context, NAU, "absch", PERMIT, mine, shown.draft.version)
    await refused("stale", drafts.replace(world.context, PA, "absch", PERMIT, his, shown.draft.version))
    kept = await drafts.read(world.context, NAU, "absch", PERMIT)
    assert kept.draft.public["title"] == text("Mine")


async def test_an_identifier_belongs_to_whoever_used_it_first(world: World) -> None:
    await world.publish("mx-pa", "absch", records.permit(PERMIT))
    refusal = await refused(
        "identifier-taken", world.draft("de-nau", "absch", records.permit(PERMIT.upper(), "de"))
    )
    assert [fault.path for fault in refusal.faults] == ["/header/identifier"]
    other_type = records.contact(PERMIT)
    await refused("identifier-taken", world.draft("mx-nau", "absch", other_type))


async def test_an_amendment_needs_its_reason_and_supersedes(world: World) -> None:
    first = await world.publish("mx-pa", "absch", records.permit(PERMIT))
    refusal = await refused("invalid-record", world.publish("mx-pa", "absch", records.permit(PERMIT)))
    assert "/amendmentDescription" in {fault.path for fault in refusal.faults}
    shown = await drafts.read(world.context, PA, "absch", PERMIT)
    amended = records.permit(PERMIT, amendmentDescription=text("Longer"), amendmentIntent=0)
    replaced = await drafts.replace(world.context, PA, "absch", PERMIT, amended, shown.draft.version)
    made = await publication.publish(world.context, PA, "absch", PERMIT, replaced.draft.version, None)
    assert (made.changed.change, made.changed.revision.revision) == ("amended", 2)
    old = await show(world.context, f"{first.changed.record.identifier}-1".lower())
    assert old.revision.status == "superseded"
    assert world.stated("records")[-1].type == "int.cbd.record.amended.v1"
    assert world.stated("records")[-1].data["reason"] == text("Longer")


async def test_a_revoked_permit_keeps_its_content_and_is_never_changed_or_deleted(world: World) -> None:
    made = await world.publish("mx-pa", "absch", records.permit(PERMIT))
    revocation = records.document(
        "absPermit",
        PERMIT,
        government=ref("mx"),
        amendmentIntent=1,
        amendmentDescription=text("Broken terms"),
    )
    await refused("never-deleted", publication.delete(world.context, PA, "absch", PERMIT, None))
    ended = await world.publish("mx-pa", "absch", revocation)
    assert (ended.changed.change, ended.changed.revision.status) == ("revoked", "revoked")
    event = world.stated("records")[-1]
    assert (event.type, event.seq) == ("int.cbd.record.revoked.v1", 2)
    assert content_of(event)["subjectMatter"] == text("Seeds of agave")
    await refused("record-ended", world.draft("mx-nau", "absch", records.permit(PERMIT)))
    shown = await show(world.context, str(made.changed.record.number))
    assert (shown.revision.status, shown.revision.end_reason) == ("revoked", text("Broken terms"))


async def test_a_record_of_another_type_is_deleted_unless_it_has_a_draft(world: World) -> None:
    await world.publish("mx-pa", "absch", records.contact("some-contact"))
    await world.draft("mx-nau", "absch", records.contact("some-contact"))
    await refused("draft-exists", publication.delete(world.context, PA, "absch", "some-contact", None))
    await drafts.discard(world.context, NAU, "absch", "some-contact", 1)
    made = await publication.delete(world.context, PA, "absch", "some-contact", text("Moved"))
    assert made.changed.revision.status == "deleted"
    assert world.stated("records")[-1].type == "int.cbd.record.deleted.v1"


async def test_the_permit_lists_the_communiques_that_refer_to_it(world: World) -> None:
    await world.publish("mx-pa", "absch", records.permit(PERMIT))
    await world.publish("de-pa", "absch", records.communique("communique-1", absIRCCs=[ref(PERMIT)]))
    shown = await show(world.context, PERMIT)
    assert [record.uid for record, _ in shown.referred_by] == ["communique-1"]


async def test_notes_are_private_from_the_draft_to_the_event(world: World) -> None:
    await world.publish("mx-pa", "absch", records.permit(PERMIT, notes="for us alone"))
    assert "for us alone" not in str(world.ledger.events)
    shown = await show(world.context, PERMIT)
    assert shown.revision.private == {"notes": "for us alone"}


async def test_declaring_confidential_hides_now_and_warns_of_what_was_shown(world: World) -> None:
    await world.publish("mx-pa", "absch", records.permit(PERMIT))
    hidden = records.permit(
        PERMIT,
        subjectMatter=None,
        subjectMatterConfidential=True,
        providers=None,
        providersConfidential=True,
        amendmentDescription=text("Seeds of agave are not named any more"),
        amendmentIntent=0,
        permitDescription=text("On behalf of Person provider-contact"),
    )
    shown = await world.draft("mx-nau", "absch", hidden)
    found = {(warning.code, warning.path) for warning in shown.warnings}
    assert ("shown-before", "/subjectMatterConfidential") in found
    assert ("confidential-words", "/amendmentDescription/en") in found
    assert ("confidential-words", "/permitDescription/en") in found
    assert "agave" not in str(shown.warnings)
    made = await publication.publish(world.context, PA, "absch", PERMIT, shown.draft.version, None)
    assert {notice.path for notice in made.notices} == {
        "/providersConfidential",
        "/subjectMatterConfidential",
    }
    assert "subjectMatter" not in content_of(world.stated("records")[-1])


async def test_a_command_under_one_key_is_done_once(world: World) -> None:
    caller = Caller("mx-pa", key="a-key-of-a-client")
    shown = await drafts.create(world.context, caller, "absch", records.contact("some-contact"))
    again = await drafts.create(world.context, caller, "absch", records.contact("some-contact"))
    assert again.draft == shown.draft
    publish = Caller("mx-pa", key="another-key")
    first = await publication.publish(world.context, publish, "absch", "some-contact", 1, None)
    second = await publication.publish(world.context, publish, "absch", "some-contact", 1, None)
    assert second.changed.revision == first.changed.revision
    assert len([one for one in world.stated("records") if one.data["uid"] == "some-contact"]) == 1
    await refused(
        "idempotency-key-reused",
        drafts.create(world.context, caller, "absch", records.contact("other-contact")),
    )


async def test_an_approval_whose_answer_was_lost_may_be_sent_again(world: World) -> None:
    request = await requested(world, records.permit(PERMIT))
    caller = Caller("mx-pa", key="key-of-the-approval")
    first = await requests.approve(world.context, caller, "absch", request.id)
    again = await requests.approve(world.context, caller, "absch", request.id)
    assert again.publication.changed.revision == first.publication.changed.revision
    assert again.publication.transmissions == first.publication.transmissions == 4
    assert len(world.stated("transmissions")) == 4


async def test_nothing_is_remembered_of_a_refused_command(world: World) -> None:
    caller = Caller("mx-nau", key="a-key-of-a-client")
    bad = records.permit(PERMIT, subjectMatterConfidential=True)
    await refused("invalid-record", drafts.create(world.context, caller, "absch", bad))
    assert await world.store.find(Remembered, {}) == []
    await drafts.create(world.context, caller, "absch", records.permit(PERMIT))


async def test_a_country_has_one_publishing_authority_at_a_time(world: World) -> None:
    nfp = Caller("mx-nfp")
    successor = Appointment("mx-nau", "publishing-authority", "mx", "By letter")
    await refused("seat-taken", people.designate(world.context, nfp, "absch", successor))
    held = await world.store.find(Designation, {"person": "mx-pa"})
    await people.end_designation(world.context, nfp, "absch", held[0].id, "He retired")
    await people.designate(world.context, nfp, "absch", successor)
    await refused("forbidden", world.publish("mx-pa", "absch", records.permit(PERMIT)))
    await world.publish("mx-nau", "absch", records.permit(PERMIT))
    kept = await people.designations(world.context, "absch", "mx")
    assert [one.end_reason for one in kept if one.person == "mx-pa"] == ["He retired"]
