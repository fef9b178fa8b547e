"""The one wrapper around Faust: raw bytes in, one batch after another, acknowledged after landing.

Measured on faust-streaming 0.15.3: with ``concurrency`` above 1 it commits past a message in work; an
exception that escapes an agent acknowledges the message; a message that fails to decode is acknowledged
before any agent sees it. Hence raw bytes, concurrency 1, and an agent that nothing escapes from. More of it
stands at ``_SafeCommitConsumer``.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import faust
from faust.transport.drivers.aiokafka import Consumer
from mode.threads import WorkerThread

from clearinghouse_runtime.consumer_identity import held_identity
from clearinghouse_runtime.fetch_throttle import throttle_fetches
from clearinghouse_runtime.process import pause
from clearinghouse_runtime.retry import backoff, describe

_logger = logging.getLogger(__name__)

BATCH = 200
GATHER_SECONDS = 0.02
SKIPPED_SECONDS = 5.0
CLOSING_SECONDS = 5.0
SESSION_SECONDS = 10.0
"""How long a consumer that died holds its partitions, unless it comes back under its identity."""


@dataclass(frozen=True)
class Message:
    """One message of a topic, as the broker gave it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: dict[str, bytes]


Partition = tuple[str, int]
"""A topic and the number of a partition."""

Land = Callable[[Sequence[Message]], Awaitable[None]]


async def run_landing(
    *,
    app_id: str,
    bootstrap_servers: str,
    topics: Sequence[str],
    data_dir: Path,
    land: Land,
    stop: asyncio.Event,
    started: asyncio.Event | None = None,
) -> None:
    """Hand the messages of the topics to ``land`` until ``stop`` is set, and acknowledge what has landed.

    ``app_id`` is the consumer group; a new group starts with the oldest message. ``land`` gets up to 200
    messages and must be idempotent: a batch comes again when it fails (tried for ever, with a back-off) or
    when the process dies before the acknowledgement. ``started`` is set once partitions are assigned. A
    broker that cannot be reached is tried again for ever. ``data_dir`` keeps who this member of the group is: started
    again with it, a process has its partitions back at once.
    """
    failures = 0
    with held_identity(data_dir / f"{app_id}.member") as member:
        while not stop.is_set():
            landing = _Landing(land)
            app = _app(app_id, bootstrap_servers, topics, data_dir, member, landing, started)
            try:
                await app.start()
                failures = 0
                while not (stop.is_set() or app.should_stop or landing.skipped()):
                    await pause(0.2, stop)
                if landing.skipped():
                    _logger.warning(
                        "messages were passed over in a rebalance: read again from the last commit"
                    )
            except Exception as error:  # noqa: BLE001  # whatever Faust raises: it is built anew
                failures += 1
                _logger.warning("the stream could not be read: %s", describe(error))
            finally:
                # What cannot be committed to an unreachable broker comes again; its end is not waited for.
                with suppress(TimeoutError):
                    async with asyncio.timeout(2 * CLOSING_SECONDS):
                        await app.stop()
            await pause(backoff(failures + 1).total_seconds(), stop)


class _Landing:
    """Lands batches, each tried until it has landed, and knows what was fetched and has not landed yet."""

    def __init__(self, land: Land) -> None:
        self._land = land
        self._busy = False
        self._rested = time.monotonic()
        self._fetched: dict[Partition, dict[int, float]] = {}
        self._reached: dict[Partition, int] = {}

    async def __call__(self, messages: Sequence[Message]) -> None:
        self._busy = True
        attempts = 0
        while self._busy:
            try:
                await self._land(messages)
                self._busy = False
            except Exception as error:  # noqa: BLE001  # an error that escaped would lose the messages
                attempts += 1
                _logger.warning("%d messages could not land: %s", len(messages), describe(error))
                await asyncio.sleep(backoff(attempts).total_seconds())
        self._rested = time.monotonic()
        for message in messages:
            partition = (message.topic, message.partition)
            self._fetched.get(partition, {}).pop(message.offset, None)
            self._reached[partition] = max(message.offset, self._reached.get(partition, -1))

    def fetched(self, partition: Partition, offsets: Iterable[int]) -> None:
        """Remember that messages were fetched."""
        now = time.monotonic()
        outstanding = self._fetched.setdefault(partition, {})
        for offset in offsets:
            outstanding.setdefault(offset, now)

    def forget(self, partitions: Iterable[Partition]) -> None:
        """Partitions are revoked: what was fetched from them is fetched again, here or elsewhere."""
        for partition in partitions:
            self._fetched.pop(partition, None)
            self._reached.pop(partition, None)

    def may_commit(self, partition: Partition, offset: int) -> bool:
        """Whether everything that was fetched before an offset has landed."""
        return offset <= min(self._fetched.get(partition, {}), default=offset)

    def skipped(self) -> bool:
        """Whether a message was fetched a while ago that will not be handed to us any more."""
        long_ago = time.monotonic() - SKIPPED_SECONDS
        return not self._busy and any(
            since < long_ago and (self._rested < long_ago or offset < self._reached.get(partition, -1))
            for partition, outstanding in self._fetched.items()
            for offset, since in outstanding.items()
        )


class _DaemonWorker(WorkerThread):
    """A thread that the end of the process does not wait for: it may be waiting for an unreachable broker."""

    def __init__(self, service: Any, **options: Any) -> None:
        super().__init__(service, **options)
        self.daemon = True


class _SafeCommitConsumer(Consumer):
    """Faust's consumer, kept from two faults of its 0.15.3.

    It counts the message after a gap in the offsets (a transaction leaves one) as part of the gap: the message
    is acknowledged twice, and commits advance by one transaction per interval (measured: 31 of 180 in 3 s).

    What it fetched while a rebalance was going on it may drop after it has sought the last commit, and then it
    commits past that (measured: events missing after 1 in 12 restarts of a broker that forgets its groups).
    Hence nothing is committed past a message that was fetched and has not landed.
    """

    def __init__(self, landing: _Landing, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._landing = landing
        self._thread.Worker = _DaemonWorker
        self._thread.shutdown_timeout = CLOSING_SECONDS  # it would wait a minute for an unreachable broker

    async def _add_gap(self, tp: Any, offset_from: int, offset_to: int) -> None:
        await super()._add_gap(tp, offset_from, offset_to - 1)

    async def _getmany(self, active_partitions: Any, timeout: float) -> Any:  # noqa: ASYNC109  # Faust's name
        throttle_fetches(self._thread._consumer)
        records = await super()._getmany(active_partitions, timeout)
        for partition, found in records.items():
            read = self._read_offset[partition] or 0
            self._landing.fetched(partition, [record.offset for record in found if record.offset >= read])
        return records

    async def on_partitions_revoked(self, revoked: Any) -> None:
        self._landing.forget(revoked)
        await super().on_partitions_revoked(revoked)

    def _filter_committable_offsets(self, tps: Any) -> dict[Any, int]:
        offsets = super()._filter_committable_offsets(tps).items()
        return {
            partition: offset for partition, offset in offsets if self._landing.may_commit(partition, offset)
        }


def _app(
    app_id: str,
    bootstrap_servers: str,
    topics: Sequence[str],
    data_dir: Path,
    member: str | None,
    landing: _Landing,
    started: asyncio.Event | None,
) -> Any:
    app = faust.App(
        app_id,
        broker=f"aiokafka://{bootstrap_servers}",
        loop=asyncio.get_running_loop(),
        datadir=data_dir,
        store="memory://",
        web_enabled=False,
        autodiscover=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=member,
        consumer_metadata_max_age_ms=10_000,
        broker_commit_interval=0.5,
        broker_session_timeout=SESSION_SECONDS,
        broker_heartbeat_interval=SESSION_SECONDS / 5,
        broker_rebalance_timeout=SESSION_SECONDS,
        broker_request_timeout=SESSION_SECONDS * 1.5,
        broker_max_poll_records=BATCH,
        stream_buffer_maxsize=BATCH,
        stream_wait_empty=False,  # a landing that waits for its database must not hold up the end
    )
    # Faust offers no setting for it; the transport asks itself for the class when the app starts.
    setattr(app.transport, "Consumer", partial(_SafeCommitConsumer, landing))  # noqa: B010  # a class variable
    source = app.topic(
        *topics, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
    )

    async def agent(stream: Any) -> AsyncIterator[None]:
        async for events in stream.noack_take(BATCH, within=GATHER_SECONDS):
            await landing([_message(event.message) for event in events])
            for event in events:
                await stream.ack(event)
            yield

    app.agent(source, name="landing", concurrency=1)(agent)

    async def on_assigned(*_: Any, **__: Any) -> None:
        if started is not None:
            started.set()

    app.on_partitions_assigned.connect(on_assigned, weak=False)
    return app


def _message(raw: Any) -> Message:
    return Message(
        topic=raw.topic,
        partition=raw.partition,
        offset=raw.offset,
        key=raw.key,
        value=raw.value or b"",
        headers=dict(raw.headers or ()),
    )
