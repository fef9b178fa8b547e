"""The few sequences of calls that several commands, and the demo, have in common."""

from __future__ import annotations

from urllib.parse import unquote

from clearinghouse_client.api import Registry
from clearinghouse_client.documents import REVOKE, UPDATE, under, with_intent, with_reason
from clearinghouse_client.errors import RefusedError
from clearinghouse_messages.answers import Receipt, RecordAnswer
from clearinghouse_messages.documents import Document

NOT_FOUND, CONFLICT, STALE = 404, 409, 412


def draft_in(receipt: Receipt) -> str:
    """The uid of the draft that a receipt links to; empty when it links to none."""
    return unquote(receipt.links.get("draft", "").rpartition("/")[2])


async def put_draft(registry: Registry, realm: str, uid: str, document: Document) -> Receipt:
    """Draft a document, in place of the draft of the same record if there is one (as it was just read)."""
    try:
        existing = await registry.draft(realm, uid)
    except RefusedError as error:
        if error.status != NOT_FOUND:
            raise
        return await registry.create_draft(realm, document)
    return await registry.replace_draft(realm, uid, document, existing.etag)


async def draft_amendment(
    registry: Registry, record: RecordAnswer, document: Document, reason: str | None, language: str | None
) -> Receipt:
    """Draft the next revision of a published record, with its reason if one is given."""
    amended = under(document, record.uid)
    fields = (await registry.schema(record.format)).properties
    if "amendmentIntent" in fields:
        amended = with_intent(amended, UPDATE)
    if reason is not None:
        amended = with_reason(amended, reason, language)
    return await put_draft(registry, record.realm, record.uid, amended)


async def draft_revocation(
    registry: Registry, record: RecordAnswer, reason: str, language: str | None
) -> Receipt:
    """Draft the revocation of a published permit: its content as it is, and the reason."""
    document = with_intent(with_reason(record.content, reason, language), REVOKE)
    return await put_draft(registry, record.realm, record.uid, under(document, record.uid))
