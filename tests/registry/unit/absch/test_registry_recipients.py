"""Whom the Nagoya Protocol names, and that nobody else is a recipient."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearinghouse_messages.events import RecipientRole
from clearinghouse_runtime.problems import Problem
from registry.absch import EXTENSION
from registry.application.migration import load_line
from registry.application.records import undelivered
from registry.domain.transmissions import Addressee, merge
from tests.registry.support import records
from tests.registry.support.records import ref, text
from tests.registry.support.world import World, addresses, number_of, populated

PERMIT = "permit-number-1"


@pytest.fixture
async def world() -> World:
    return await populated(EXTENSION.rules)


async def recipients_of(world: World, person: str, document: records.Document) -> dict[str, list[str]]:
    made = await world.publish(person, "absch", document)
    owed = [one for one in await world.owed(number_of(made)) if one.identifier == made.identifier]
    if made.status == "revoked":
        owed = [one for one in owed if one.kind == "certificate-revoked"]
    assert made.transmissions == len([one for one in owed if one.emails])
    return addresses(owed)


async def test_a_certificate_goes_to_focal_point_authority_provider_and_grantee(world: World) -> None:
    assert await recipients_of(world, "mx-pa", records.permit(PERMIT)) == {
        "nfp@mx.example": ["national-focal-point"],
        "cna@mx.example": ["competent-national-authority"],
        "provider-contact@mx.example": ["provider"],
        "grantee-contact@mx.example": ["grantee"],
    }


async def test_every_current_authority_is_a_recipient_and_a_deleted_one_is_not(world: World) -> None:
    second = records.authority("mx", "authority-mx-2", emails=["second@mx.example", "office@mx.example"])
    await world.publish("mx-pa", "absch", second)
    found = await recipients_of(world, "mx-pa", records.permit(PERMIT))
    assert found["second@mx.example, office@mx.example"] == ["competent-national-authority"]
    assert "cna@mx.example" in found


async def test_confidential_provider_and_grantee_are_no_recipients(world: World) -> None:
    document = records.permit(
        PERMIT,
        providers=None,
        providersConfidential=True,
        entitiesToWhomPICGranted=None,
        entitiesToWhomPICGrantedConfidential=True,
    )
    assert set(await recipients_of(world, "mx-pa", document)) == {"nfp@mx.example", "cna@mx.example"}


async def test_an_address_in_two_roles_gets_one_letter_that_names_both(world: World) -> None:
    document = records.permit(PERMIT, entitiesToWhomPICGranted=[ref("provider-contact")])
    found = await recipients_of(world, "mx-pa", document)
    assert found["provider-contact@mx.example"] == ["provider", "grantee"]
    assert len(found) == 3


async def test_a_country_without_focal_point_leaves_a_task_and_is_published_all_the_same(
    world: World,
) -> None:
    await world.appoint("ma-pa", "publishing-authority", "absch", "ma")
    await world.publish("ma-pa", "absch", records.authority("ma"))
    made = await world.publish("ma-pa", "absch", records.permit(PERMIT, "ma"))
    unaddressed = [one for one in await world.owed(number_of(made)) if not one.emails]
    assert [(one.status, one.settled, one.roles[0].role) for one in unaddressed] == [
        ("unaddressable", True, "national-focal-point")
    ]
    assert len(world.stated("transmissions")) == made.transmissions == 3
    tasks = await undelivered(world.context, "absch", "secretariat")
    assert [one.transmission for one in tasks] == unaddressed
    await world.appoint("secretary-of-the-bch", "secretariat", "bch", None)
    assert await undelivered(world.context, "bch", "secretary-of-the-bch") == []
    with pytest.raises(Problem):
        await undelivered(world.context, "absch", "secretary-of-the-bch")


async def test_letters_go_in_the_language_of_the_recipients_record_else_of_his_country(world: World) -> None:
    made = await world.publish("mx-pa", "absch", records.permit(PERMIT))
    languages = {one.emails[0]: one.language for one in await world.owed(number_of(made))}
    assert languages["nfp@mx.example"] == "es"
    assert languages["grantee-contact@mx.example"] == "fr"


async def test_a_communique_goes_to_both_countries_and_the_grantee_of_its_certificate(world: World) -> None:
    await world.publish("mx-pa", "absch", records.permit(PERMIT))
    document = records.communique("communique-1", absIRCCs=[ref(PERMIT)])
    assert await recipients_of(world, "de-pa", document) == {
        "cna@de.example": ["user-country-authority"],
        "nfp@mx.example": ["national-focal-point"],
        "cna@mx.example": ["competent-national-authority"],
        "grantee-contact@mx.example": ["grantee"],
    }


async def test_a_communique_without_certificate_goes_to_every_source_country(world: World) -> None:
    document = records.communique(
        "communique-2",
        absIRCCsNotAvailable=True,
        sourceCountries=[ref("mx"), ref("ma")],
        subjectMatter=text("Plants"),
        entityWhoGrantedPIC=ref("provider-contact"),
        entityToWhomPICGranted=ref("grantee-contact"),
    )
    found = await recipients_of(world, "de-pa", document)
    assert set(found) == {
        "cna@de.example",
        "nfp@mx.example",
        "cna@mx.example",
        "provider-contact@mx.example",
        "grantee-contact@mx.example",
        "",
    }
    assert found["provider-contact@mx.example"] == ["pic-granting-entity"]


async def test_a_checkpoint_may_name_the_contacts_that_are_recipients(world: World) -> None:
    await world.publish("de-pa", "absch", records.contact("inspector-contact", "de"))
    await world.publish("mx-pa", "absch", records.permit(PERMIT))
    chosen = records.checkpoint(
        "de",
        "checkpoint-de-2",
        informAllAuthorities=False,
        contactsToInform=[ref("inspector-contact")],
    )
    await world.publish("de-pa", "absch", chosen)
    document = records.communique(
        "communique-3", absIRCCs=[ref(PERMIT)], absCheckpoints=[ref("checkpoint-de-2")]
    )
    found = await recipients_of(world, "de-pa", document)
    assert found["inspector-contact@de.example"] == ["user-country-authority"]
    assert "cna@de.example" not in found


async def test_a_communique_on_a_confidential_certificate_goes_to_no_grantee(world: World) -> None:
    hidden = records.permit(PERMIT, entitiesToWhomPICGranted=None, entitiesToWhomPICGrantedConfidential=True)
    await world.publish("mx-pa", "absch", hidden)
    found = await recipients_of(world, "de-pa", records.communique("communique-4", absIRCCs=[ref(PERMIT)]))
    assert "grantee-contact@mx.example" not in found


async def test_a_reference_pinned_to_a_superseded_revision_counts_as_the_record(world: World) -> None:
    await world.publish("mx-pa", "absch", records.permit(PERMIT))
    amended = records.permit(PERMIT, amendmentDescription=text("Longer"), amendmentIntent=0)
    await world.publish("mx-pa", "absch", amended)
    found = await recipients_of(
        world, "de-pa", records.communique("communique-5", absIRCCs=[ref(f"{PERMIT}@1")])
    )
    assert "nfp@mx.example" in found


async def test_a_revocation_goes_to_all_to_whom_any_version_was_owed_at_the_address_used_then(
    world: World,
) -> None:
    await world.publish("mx-pa", "absch", records.permit(PERMIT))
    hidden = records.permit(
        PERMIT,
        providers=None,
        providersConfidential=True,
        amendmentIntent=0,
        amendmentDescription=text("The provider asked for it"),
    )
    await world.publish("mx-pa", "absch", hidden)
    moved = records.authority("mx", emails=["moved@mx.example"])
    await world.publish("mx-pa", "absch", moved)
    revocation = records.document(
        "absPermit",
        PERMIT,
        government=ref("mx"),
        amendmentIntent=1,
        amendmentDescription=text("Terms were broken"),
    )
    assert await recipients_of(world, "mx-pa", revocation) == {
        "nfp@mx.example": ["national-focal-point"],
        "cna@mx.example": ["competent-national-authority"],
        "provider-contact@mx.example": ["provider"],
        "grantee-contact@mx.example": ["grantee"],
    }


async def test_records_brought_over_from_elsewhere_go_to_nobody(world: World) -> None:
    line = {"kind": "record", "realm": "absch", "by": "mx-pa", "document": records.permit(PERMIT)}
    assert await load_line(world.context, line)
    assert world.stated("transmissions") == []
    assert world.stated("records")[-1].cause == "migration"


emails = st.lists(st.sampled_from(["a@x", "B@x", "b@X", "c@x", "d@x"]), max_size=3)


@given(st.lists(emails, max_size=6))
def test_every_address_gets_exactly_one_letter_and_every_role_is_named(groups: list[list[str]]) -> None:
    addressees = [
        Addressee(
            RecipientRole(role=f"role-{index}", provision="p", country="mx", record="", name=""),
            tuple(group),
            "en",
        )
        for index, group in enumerate(groups)
    ]
    recipients = merge(addressees)
    sent = [email.casefold() for due in recipients for email in due.emails]
    assert sorted(sent) == sorted({email.casefold() for group in groups for email in group})
    assert sorted(role.role for due in recipients for role in due.roles) == sorted(
        addressee.role.role for addressee in addressees
    )


async def test_the_letter_learns_what_is_current_for_a_pinned_reference(world: World) -> None:
    await world.publish("mx-pa", "absch", records.permit(PERMIT))
    amended = records.permit(PERMIT, amendmentDescription=text("Longer"), amendmentIntent=0)
    made = await world.publish("mx-pa", "absch", amended)
    first = f"{made.identifier.removesuffix('-2')}-1".lower()
    pinned = records.communique("communique-6", absIRCCs=[ref(f"{PERMIT}@1"), ref(f"{PERMIT}@2"), ref(first)])
    await world.publish("de-pa", "absch", pinned)
    owed = world.stated("transmissions")[-1].data
    newest = made.identifier
    assert owed["current"] == {f"{PERMIT}@1": newest, first: newest}
