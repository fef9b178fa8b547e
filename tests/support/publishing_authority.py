"""Mexico's publishing authority at work against a running stack, and what came of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from clearinghouse_client.api import Registry
from clearinghouse_client.connection import Connection
from clearinghouse_demo.demo_run import bundled_document, new_run, sign_in, under_identifier
from clearinghouse_demo.sink import Sink, SinkLetter
from clearinghouse_local.stack import Stack
from clearinghouse_messages.answers import TransmissionAnswer
from clearinghouse_runtime.mongo import Client, Database, connect
from tests.support.waiting import until

RECIPIENTS = 4
"""Focal point, authority, provider and grantee of the demo's permit."""


@dataclass(frozen=True)
class Consumed:
    """A message of the topic of record events."""

    id: str
    record: str
    seq: int
    position: int


@dataclass
class PublishingAuthority:
    """Publishes permits and looks at what followed, over the interfaces that anybody has."""

    stack: Stack
    http: httpx.AsyncClient
    registry: Registry
    sink: Sink
    documents: Client

    async def publish(self) -> str:
        """Publish a permit under a fresh identifier; the identifier of the certificate."""
        uid = f"fault-{new_run()}"
        draft = await self.registry.create_draft(
            "absch", under_identifier(bundled_document("permit.json"), uid)
        )
        return (await self.registry.publish("absch", uid, draft.etag)).identifier

    async def letters(self, identifier: str) -> list[SinkLetter]:
        """The letters about a certificate that the sink holds."""
        return [letter for letter in await self.sink.letters() if letter.record == identifier]

    async def transmissions(self, identifier: str) -> list[TransmissionAnswer]:
        """The transmissions of a certificate, with addresses and evidence."""
        found = await self.registry.transmissions(identifier)
        return [one for one in found if one.identifier == identifier]

    async def delivered(self, *identifiers: str, within: float = 60) -> None:
        """Wait until every transmission is proven delivered; the letters and the records of events agree."""

        async def settled() -> bool:
            states = [one.status for each in identifiers for one in await self.transmissions(each)]
            return len(states) == RECIPIENTS * len(identifiers) and set(states) == {"delivered"}

        await until(settled, within=within)

    async def behave(self, **behaviour: Any) -> None:
        """Tell the mail server how to treat the next letters."""
        answer = await self.http.post(f"{self.stack.addresses.sink}/behaviour", json=behaviour)
        answer.raise_for_status()

    async def handing_over(self, identifier: str) -> None:
        """Wait until the notifier has written down that it hands over a letter about the certificate."""

        async def begun() -> bool:
            found = self.database("notifier")["deliveries"].find({"identifier": identifier})
            attempts = [attempt async for one in found for attempt in one.get("attempts", [])]
            return any(attempt["status"] == "handing-over" for attempt in attempts)

        await until(begun)

    async def assert_every_second_hand_over_is_explained(self, identifier: str, *, uncertain: bool) -> None:
        """All attempts of a transmission but the last ended otherwise; an uncertain one is on record as such."""
        states: set[str] = set()
        for one in await self.transmissions(identifier):
            attempts = one.attempts or []
            earlier = {attempt.status for attempt in attempts[:-1]}
            states |= earlier
            assert attempts[-1].status == "accepted"
            assert earlier <= {"uncertain", "deferred"}
            assert len({attempt.message_id for attempt in attempts}) == 1
        assert ("uncertain" in states) == uncertain

    async def messages(self, stream: str, *, about: str | None) -> list[tuple[bytes | None, bytes]]:
        """The messages of an internal topic, up to its end; those about one identifier, or all."""
        prefix = self.stack.settings.topic_prefix
        topic = f"{prefix}.{stream}.v1" if stream == "dead-letters" else f"{prefix}.absch.{stream}.v1"
        consumer = self._consumer(topic)
        await consumer.start()
        found: list[tuple[bytes | None, bytes]] = []
        try:
            ends = await consumer.end_offsets(consumer.assignment())
            while any([await consumer.position(place) < end for place, end in ends.items()]):
                for messages in (await consumer.getmany(timeout_ms=200)).values():
                    found += [(message.key, message.value or b"") for message in messages]
        finally:
            await consumer.stop()
        return [(key, value) for key, value in found if about is None or f'"{about}"'.encode() in value]

    async def produce(self, stream: str, messages: list[tuple[bytes | None, bytes]]) -> None:
        """Put messages on an internal topic, as nobody should."""
        producer = AIOKafkaProducer(bootstrap_servers=self.stack.broker.bootstrap)
        await producer.start()
        try:
            for key, value in messages:
                topic = f"{self.stack.settings.topic_prefix}.absch.{stream}.v1"
                await producer.send_and_wait(topic, value, key=key)
        finally:
            await producer.stop()

    async def forget_outcomes(self, identifier: str) -> None:
        """Put the certificate's transmissions back to what they were when they were written."""
        forgotten = {"status": "owed", "settled": False, "settled_at": None, "attempts": []}
        await self.database("registry")["transmissions"].update_many(
            {"identifier": identifier}, {"$set": forgotten, "$inc": {"version": 1}}
        )

    def database(self, name: str) -> Database:
        """A service's own database, looked at from outside."""
        return self.documents[name]

    def _consumer(self, topic: str) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            topic,
            bootstrap_servers=self.stack.broker.bootstrap,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            isolation_level="read_committed",
        )

    async def on_kafka(self, *identifiers: str, within: float = 60) -> list[Consumed]:
        """Everything on the topic of record events, as soon as each identifier's record is among it."""
        records = {identifier.rpartition("-")[0] for identifier in identifiers}
        consumer = self._consumer(f"{self.stack.settings.topic_prefix}.absch.records.v1")
        await consumer.start()
        seen: list[Consumed] = []
        try:

            async def arrived() -> bool:
                for messages in (await consumer.getmany(timeout_ms=200)).values():
                    seen.extend(consumed(message.value) for message in messages)
                return records <= {one.record for one in seen}

            await until(arrived, within=within)
        finally:
            await consumer.stop()
        return seen


def consumed(value: bytes | None) -> Consumed:
    """What a message says."""
    event: dict[str, Any] = json.loads(value or b"{}")
    return Consumed(event["id"], event["record"], event["seq"], event["position"])


def assert_in_order(seen: list[Consumed]) -> None:
    """Within a record the first arrival of each ``seq`` comes in order, and an identifier means one event."""
    by_id: dict[str, Consumed] = {}
    last: dict[str, int] = {}
    for one in seen:
        if one.id in by_id:
            assert by_id[one.id] == one
            continue
        by_id[one.id] = one
        assert one.seq == last.get(one.record, 0) + 1
        last[one.record] = one.seq


def assert_sent_once(letters: list[SinkLetter]) -> None:
    """Four letters, one for each transmission."""
    assert sorted(letter.transmission for letter in letters) == sorted(
        {letter.transmission for letter in letters}
    )
    assert len(letters) == RECIPIENTS


@asynccontextmanager
async def signed_in_authority(stack: Stack) -> AsyncIterator[PublishingAuthority]:
    """The authority, signed in."""
    addresses = stack.addresses
    async with httpx.AsyncClient(timeout=30) as http:
        person = await sign_in(addresses, http, "mx-pa")
        documents = connect(stack.mongo.uri)
        yield PublishingAuthority(
            stack, http, person.registry, Sink(Connection(addresses.sink, http)), documents
        )
        documents.close()
