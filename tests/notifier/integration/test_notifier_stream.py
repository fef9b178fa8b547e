"""The worker as it runs: from an event on the broker to the outcome on the broker."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.events import RecordPublished, RequestOpened, Stream, TransmissionOutcome, decode
from clearinghouse_messages.topics import dead_letters, topic
from notifier.domain.notifications import Notification
from tests.notifier.support import samples
from tests.notifier.support.smtp import ScriptedServer
from tests.support.waiting import until

if TYPE_CHECKING:
    from .conftest import Notifier


@asynccontextmanager
async def _stating(notifier: Notifier) -> AsyncIterator[Any]:
    """States events on the broker, as the registry's relay does."""
    settings = notifier.app.settings
    producer = AIOKafkaProducer(bootstrap_servers=settings.bootstrap_servers)
    await producer.start()

    async def state(event: Envelope, stream: Stream = "transmissions") -> None:
        where = topic(settings.topic_prefix, event.realm, stream)
        await producer.send_and_wait(where, event.model_dump_json().encode(), key=event.record.encode())

    try:
        yield state
    finally:
        await producer.stop()


async def _first_on(notifier: Notifier, name: str) -> bytes:
    """The first message of a topic, as soon as it is there."""
    consumer = AIOKafkaConsumer(
        name,
        bootstrap_servers=notifier.app.settings.bootstrap_servers,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    await consumer.start()
    try:
        return bytes((await consumer.getone()).value)
    finally:
        await consumer.stop()


async def test_an_event_on_the_broker_becomes_a_mail_and_its_outcome_an_event(
    live: Notifier, server: ScriptedServer
) -> None:
    owed = samples.owed()
    published = samples.record_state()
    assert isinstance(published, RecordPublished)
    async with _stating(live) as state:
        await state(samples.envelope(published, lane="bulk"), "records")
        await state(samples.envelope(owed))
    await server.mails(1)
    reported = await _first_on(live, topic(live.app.settings.topic_prefix, "bch", "transmission-outcomes"))
    event = Envelope.model_validate_json(reported)
    outcome = decode(event)
    assert isinstance(outcome, TransmissionOutcome)
    assert (outcome.transmission, outcome.status) == (owed.transmission, "delivered")
    assert (event.record, event.seq, event.cause) == (samples.RECORD, 1, "command")
    assert event.source == "/development/notifier"
    assert len(server.received) == 1


async def test_a_request_on_the_broker_is_in_the_inbox(live: Notifier) -> None:
    request = samples.request_event()
    assert isinstance(request, RequestOpened)
    async with _stating(live) as state:
        await state(samples.envelope(request, lane="interactive"), "requests")

    async def reported() -> list[Notification]:
        return await live.app.notifications.of_person("mx-pa", unread_only=True, limit=10)

    (row,) = await until(reported)
    assert row.request == "request-1"


async def test_a_dead_letter_is_reported_on_its_topic_without_its_content(live: Notifier) -> None:
    poison = samples.owed(kind="unheard-of", emails=["nobody-must-see@example.mx"])
    event = samples.envelope(poison)
    async with _stating(live) as state:
        await state(event)
    reported = await _first_on(live, dead_letters(live.app.settings.topic_prefix))
    letter = json.loads(reported)
    assert letter["id"] == f"{event.source}|{event.id}"
    assert letter["error"] == "UnknownLetterError: no letter is declared for this kind of transmission"
    assert letter["source"] == "notifier"
    assert b"nobody-must-see" not in reported


def _notifier(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "notifier", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def _process(environment: dict[str, str], command: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "notifier", command], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def _answers(environment: dict[str, str], path: str) -> str:
    address = f"http://127.0.0.1:{environment['NOTIFIER_MANAGEMENT_PORT']}{path}"
    async with httpx.AsyncClient() as client:

        async def there() -> str | None:
            try:
                answer = await client.get(address)
            except httpx.TransportError:
                return None
            return answer.text if answer.status_code == 200 else None

        return await until(there, within=40)


async def test_a_worker_that_was_migrated_is_ready_and_ends_cleanly(
    process_environment: dict[str, str],
) -> None:
    assert _notifier(process_environment, "migrate").returncode == 0
    assert _notifier(process_environment, "migrate").returncode == 0
    with _process(process_environment, "worker") as worker:
        assert json.loads(await _answers(process_environment, "/readyz")) == {"mongo": "ok", "broker": "ok"}
        assert 'notifier_deliveries{lane="official",status="owed"} 0.0' in await _answers(
            process_environment, "/metrics"
        )
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0


async def test_an_api_lives_and_ends_cleanly(process_environment: dict[str, str]) -> None:
    with _process(process_environment, "api") as api:
        assert json.loads(await _answers(process_environment, "/healthz")) == {"status": "ok"}
        api.send_signal(signal.SIGINT)
        assert api.wait(timeout=30) == 0


def test_an_operator_lists_dead_letters_and_a_wrong_one_is_refused(
    process_environment: dict[str, str],
) -> None:
    listed = _notifier(process_environment, "dead-letters")
    assert (listed.returncode, json.loads(listed.stdout)) == (0, [])
    for action in ("show", "replay"):
        unknown = _notifier(process_environment, "dead-letters", action, "unheard-of")
        assert (unknown.returncode, unknown.stdout) == (1, "")
        assert "no such dead letter" in unknown.stderr
