"""The life of a record, from draft to its end, and who may take which step."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta

import pytest

from clearinghouse_runtime.problems import Problem
from registry.absch import EXTENSION
from registry.application import drafts, people, requests
from registry.application.commands import (
    ApproveRequest,
    CreateDraft,
    DeleteRecord,
    Designate,
    DiscardDraft,
    EndDesignation,
    OpenRequest,
    PublishDraft,
    RecallRequest,
    RejectRequest,
    ReplaceDraft,
)
from registry.application.records import show
from registry.domain.entities import Designation, Draft, Request
from tests.registry.support import records
from tests.registry.support.memory import MemoryStore
from tests.registry.support.records import ref, text
from tests.registry.support.world import World, content_of, populated

PERMIT = "permit-number-1"
NAU, PA = "mx-nau", "mx-pa"


@pytest.fixture
async def world() -> World:
    return await populated(EXTENSION.rules)


async def requested(world: World, document: records.Document) -> Request:
    await world.do(NAU, CreateDraft("absch", document))
    opened = await world.do(NAU, OpenRequest("absch", document["header"]["identifier"], 1))
    request = await world.store.get(Request, opened.identifier)
    assert request is not None
    return request


async def refused(slug: str, command: Awaitable[object]) -> Problem:
    with pytest.raises(Problem) as caught:
        await command
    assert caught.value.slug == slug
    return caught.value


async def test_a_user_drafts_and_asks_and_the_authority_approves(world: World) -> None:
    request = await requested(world, records.permit(PERMIT))
    made = await world.do(PA, ApproveRequest("absch", request.id))
    decided = await requests.read(world.context, NAU, "absch", request.id)
    assert (decided.request.status, decided.request.decided_by) == ("approved", PA)
    assert (await show(world.context, made.identifier)).revision.published_by == PA
    assert await world.store.find(Draft, {}) == []
    opened, approved = world.stated("requests")
    assert [person["person"] for person in opened.data["audience"]] == ["mx-pa"]
    assert [person["person"] for person in approved.data["audience"]] == ["mx-nau"]
    assert (opened.seq, approved.seq) == (1, 2)


async def test_an_authorized_user_never_publishes(world: World) -> None:
    await world.draft("mx-nau", "absch", records.permit(PERMIT))
    await refused("forbidden", world.do(NAU, PublishDraft("absch", PERMIT, 1)))
    opened = await world.do(NAU, OpenRequest("absch", PERMIT, 1))
    await refused("forbidden", world.do(NAU, ApproveRequest("absch", opened.identifier)))
    assert world.stated("transmissions") == []


@pytest.mark.parametrize("who", ["de-pa", "de-nau", "secretariat", "stranger"])
async def test_nobody_drafts_or_publishes_for_another_country(world: World, who: str) -> None:
    await refused("forbidden", world.draft(who, "absch", records.permit(PERMIT)))
    request = await requested(world, records.permit("permit-number-2"))
    await refused("forbidden", world.do(who, ApproveRequest("absch", request.id)))


async def test_a_locked_draft_is_neither_changed_nor_discarded_nor_published(world: World) -> None:
    await requested(world, records.permit(PERMIT))
    locked = await drafts.read(world.context, NAU, "absch", PERMIT)
    etag = locked.draft.version
    for command in (
        ReplaceDraft("absch", PERMIT, records.permit(PERMIT), etag),
        DiscardDraft("absch", PERMIT, etag),
        PublishDraft("absch", PERMIT, etag),
        OpenRequest("absch", PERMIT, etag),
    ):
        await refused("draft-locked", world.do(PA, command))


@pytest.mark.parametrize("ending", ["reject", "recall", "time out"])
async def test_a_request_that_ends_without_approval_gives_the_draft_back(world: World, ending: str) -> None:
    request = await requested(world, records.permit(PERMIT))
    match ending:
        case "reject":
            await world.do(PA, RejectRequest("absch", request.id, "The date is missing"))
        case "recall":
            await world.do(NAU, RecallRequest("absch", request.id))
        case _:
            world.wait(timedelta(weeks=12, seconds=1))
            assert await requests.time_out(world.context) == 1
    free = await drafts.read(world.context, NAU, "absch", PERMIT)
    assert free.draft.request is None
    await refused("request-closed", world.do(PA, ApproveRequest("absch", request.id)))
    told = world.stated("requests")[-1]
    assert "mx-nau" in [person["person"] for person in told.data["audience"]]
    assert world.stated("records")[-1].record != request.record


async def test_only_its_author_recalls_a_request(world: World) -> None:
    request = await requested(world, records.permit(PERMIT))
    await refused("forbidden", world.do(PA, RecallRequest("absch", request.id)))


async def test_a_request_that_could_not_be_published_is_refused_with_every_fault(world: World) -> None:
    document = records.permit(PERMIT, picGranted=False, matEstablished=None, absCNA=ref("provider-contact"))
    await world.draft("mx-nau", "absch", document)
    refusal = await refused("invalid-record", world.do(NAU, OpenRequest("absch", PERMIT, 1)))
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


async def test_of_two_who_edit_one_draft_the_later_is_refused(world: World) -> None:
    await world.draft("mx-nau", "absch", records.permit(PERMIT))
    mine, theirs = records.permit(PERMIT, title=text("Mine")), records.permit(PERMIT, title=text("Theirs"))
    await world.do(NAU, ReplaceDraft("absch", PERMIT, mine, 1))
    await refused("stale", world.do(PA, ReplaceDraft("absch", PERMIT, theirs, 1)))
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
    amended = records.permit(PERMIT, amendmentDescription=text("Longer"), amendmentIntent=0)
    await world.do(PA, ReplaceDraft("absch", PERMIT, amended, 1))
    made = await world.do(PA, PublishDraft("absch", PERMIT, 2))
    assert (made.status, made.revision) == ("current", 2)
    old = await show(world.context, first.identifier.lower())
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
    await refused("never-deleted", world.do(PA, DeleteRecord("absch", PERMIT)))
    ended = await world.publish("mx-pa", "absch", revocation)
    assert (ended.identifier, ended.status) == (made.identifier, "revoked")
    event = world.stated("records")[-1]
    assert (event.type, event.seq) == ("int.cbd.record.revoked.v1", 2)
    assert content_of(event)["subjectMatter"] == text("Seeds of agave")
    await refused("record-ended", world.draft("mx-nau", "absch", records.permit(PERMIT)))
    shown = await show(world.context, made.identifier.split("-")[-2])
    assert (shown.revision.status, shown.revision.end_reason) == ("revoked", text("Broken terms"))


async def test_a_record_of_another_type_is_deleted_unless_it_has_a_draft(world: World) -> None:
    await world.publish("mx-pa", "absch", records.contact("some-contact"))
    await world.draft("mx-nau", "absch", records.contact("some-contact"))
    await refused("draft-exists", world.do(PA, DeleteRecord("absch", "some-contact")))
    await world.do(NAU, DiscardDraft("absch", "some-contact", 1))
    made = await world.do(PA, DeleteRecord("absch", "some-contact", text("Moved")))
    assert made.status == "deleted"
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
    made = await world.do(PA, PublishDraft("absch", PERMIT, shown.draft.version))
    assert {warning.path for warning in made.warnings} == {
        "/providersConfidential",
        "/subjectMatterConfidential",
    }
    assert "subjectMatter" not in content_of(world.stated("records")[-1])


async def test_a_command_under_one_key_is_done_once(world: World) -> None:
    create = CreateDraft("absch", records.contact("some-contact"))
    first = await world.do(PA, create, "a-key-of-a-client")
    assert await world.do(PA, create, "a-key-of-a-client") == first
    publish = PublishDraft("absch", "some-contact", 1)
    published = await world.do(PA, publish, "another-key")
    assert await world.do(PA, publish, "another-key") == published
    assert len([one for one in world.stated("records") if one.data["uid"] == "some-contact"]) == 1
    other = CreateDraft("absch", records.contact("other-contact"))
    await refused("idempotency-key-reused", world.do(PA, other, "a-key-of-a-client"))


async def test_an_approval_whose_answer_was_lost_may_be_sent_again(world: World) -> None:
    request = await requested(world, records.permit(PERMIT))
    first = await world.do(PA, ApproveRequest("absch", request.id), "key-of-the-approval")
    again = await world.do(PA, ApproveRequest("absch", request.id), "key-of-the-approval")
    assert again == first
    assert first.transmissions == 4
    assert len(world.stated("transmissions")) == 4


async def test_nothing_is_stored_of_a_refused_command(world: World) -> None:
    assert isinstance(world.store, MemoryStore)
    before = dict(world.store.results)
    bad = records.permit(PERMIT, subjectMatterConfidential=True)
    await refused("invalid-record", world.do(NAU, CreateDraft("absch", bad), "a-key-of-a-client"))
    assert world.store.results == before
    await world.do(NAU, CreateDraft("absch", records.permit(PERMIT)), "a-key-of-a-client")


async def test_a_former_user_who_repeats_a_key_learns_nothing(world: World) -> None:
    create = CreateDraft("absch", records.permit(PERMIT))
    await world.do(NAU, create, "a-key-of-a-client")
    (held,) = await world.store.find(Designation, {"person": NAU})
    await world.do(PA, EndDesignation("absch", held.id, "They left"))
    await world.do(PA, ReplaceDraft("absch", PERMIT, records.permit(PERMIT, notes="for us alone"), 1))
    refusal = await refused("forbidden", world.do(NAU, create, "a-key-of-a-client"))
    assert "for us alone" not in str(refusal.details())


async def test_a_designation_sent_twice_is_made_once(world: World) -> None:
    designate = Designate("absch", "de-nau", "national-authorized-user", "mx", "By letter")
    first = await world.do(PA, designate, "a-key-of-a-client")
    assert await world.do(PA, designate, "a-key-of-a-client") == first
    assert [one.id for one in await world.store.find(Designation, {"person": "de-nau", "country": "mx"})] == [
        first.identifier
    ]


async def test_a_request_whose_draft_is_gone_is_cancelled_and_its_people_are_notified(world: World) -> None:
    request = await requested(world, records.permit(PERMIT))
    kept = await requested(world, records.permit("permit-number-2"))
    draft = await world.store.get(Draft, str(request.number))
    assert draft is not None
    await world.store.transact(lambda tx: tx.remove(draft))
    await refused("draft-gone", world.do(PA, ApproveRequest("absch", request.id)))
    assert await requests.cancel_impossible(world.context) == 1
    assert await requests.cancel_impossible(world.context) == 0
    cancelled = world.stated("requests")[-1]
    assert (cancelled.type, cancelled.data["request"]) == ("int.cbd.request.cancelled.v1", request.id)
    assert [person["person"] for person in cancelled.data["audience"]] == [NAU, PA]
    after = await requests.read(world.context, NAU, "absch", request.id)
    assert (after.request.status, after.request.decided_by) == ("cancelled", "registry")
    assert (await requests.read(world.context, NAU, "absch", kept.id)).request.status == "open"


async def test_a_request_whose_record_ended_is_cancelled_and_the_draft_comes_back(world: World) -> None:
    await world.publish(PA, "absch", records.contact("some-contact"))
    request = await requested(world, records.contact("some-contact"))
    draft = await world.store.get(Draft, str(request.number))
    assert draft is not None
    # As a repair by hand, or a record brought over again, would leave it.
    await world.store.transact(lambda tx: tx.remove(draft))
    await world.do(PA, DeleteRecord("absch", "some-contact"))
    await world.store.transact(lambda tx: tx.insert(draft))
    assert await requests.cancel_impossible(world.context) == 1
    free = await world.store.get(Draft, draft.id)
    assert free is not None
    assert free.request is None


async def test_answers_list_what_their_reader_can_do_now(world: World) -> None:
    shown = await world.draft(NAU, "absch", records.permit(PERMIT))
    assert shown.actions == ["replace", "discard", "request"]
    assert (await drafts.read(world.context, PA, "absch", PERMIT)).actions == [
        "replace",
        "discard",
        "publish",
        "request",
    ]
    opened = await world.do(NAU, OpenRequest("absch", PERMIT, 1))
    assert (await drafts.read(world.context, PA, "absch", PERMIT)).actions == []
    assert (await requests.read(world.context, PA, "absch", opened.identifier)).actions == [
        "approve",
        "reject",
    ]
    assert (await requests.read(world.context, NAU, "absch", opened.identifier)).actions == ["recall"]
    await world.do(PA, RejectRequest("absch", opened.identifier, "The date is missing"))
    (listed,) = await requests.listed(world.context, PA, "absch", None)
    assert listed.actions == []


async def test_a_country_has_one_publishing_authority_at_a_time(world: World) -> None:
    successor = Designate("absch", "mx-nau", "publishing-authority", "mx", "By letter")
    await refused("seat-taken", world.do("mx-nfp", successor))
    held = await world.store.find(Designation, {"person": "mx-pa"})
    await world.do("mx-nfp", EndDesignation("absch", held[0].id, "They retired"))
    await world.do("mx-nfp", successor)
    await refused("forbidden", world.publish("mx-pa", "absch", records.permit(PERMIT)))
    await world.publish("mx-nau", "absch", records.permit(PERMIT))
    kept = await people.designations(world.context, "absch", "mx")
    assert [one.end_reason for one in kept if one.person == "mx-pa"] == ["They retired"]
