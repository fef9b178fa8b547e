"""The sink's SMTP side. It announces X-CLEARINGHOUSE-SINK: so a sender knows that nobody is written to."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from clearinghouse_local.sink.behaviour import Behaviour
from clearinghouse_local.sink.store import Mail, MailStore

SINK_EXTENSION = "X-CLEARINGHOUSE-SINK"
_MAX_BYTES = 20_000_000


class MailSink:
    """One sink on one port of the loopback interface; runs in the loop that starts it."""

    def __init__(self, folder: Path, *, port: int = 0, host: str = "127.0.0.1") -> None:
        self.store = MailStore(folder)
        self.host = host
        self.behaviour = Behaviour()
        self._port = port
        self._applied = 0
        self._server: asyncio.Server | None = None
        self._connections: list[SMTP] = []
        self._arrived = asyncio.Condition()

    @property
    def port(self) -> int:
        """The port that it listens on; chosen at the start when 0 was asked for."""
        return self._port

    @property
    def mails(self) -> list[Mail]:
        """All mails kept so far, in order of arrival."""
        return self.store.all()

    async def start(self) -> None:
        """Listen. Raises OSError when the port is in use."""
        self._server = await asyncio.get_running_loop().create_server(self._connection, self.host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and drop the connections that are open. Can be started again on the same port."""
        if self._server is None:
            return
        self._server.close()
        for connection in self._connections:
            _drop(connection)
        self._connections.clear()
        await self._server.wait_closed()
        self._server = None

    def behave(self, behaviour: Behaviour) -> None:
        """Answer like this from now on."""
        self.behaviour = behaviour
        self._applied = 0

    async def received(self, count: int, within: float = 15) -> list[Mail]:
        """Wait until at least ``count`` mails are kept; TimeoutError after ``within`` seconds."""
        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(lambda: len(self.mails) >= count)
        return self.mails

    def _connection(self) -> SMTP:
        self._connections = [known for known in self._connections if known.transport is not None]
        connection = SMTP(
            _Conversation(self),
            hostname="sink.localhost",
            ident="clearing-house mail sink",
            data_size_limit=_MAX_BYTES,
            enable_SMTPUTF8=True,
            loop=asyncio.get_running_loop(),
        )
        self._connections.append(connection)
        return connection

    def refusal_of(self, recipient: str) -> str | None:
        """The answer that refuses this recipient now; None when they are accepted."""
        now = self.behaviour
        if now.mode in ("defer", "reject") and recipient in now.recipients:
            self._count_one()
            return now.answer
        return None

    async def take(self, connection: SMTP, envelope: Envelope) -> str:
        """Do with one mail, its content read, what the behaviour says; the answer to it."""
        now = self.behaviour
        if now.mode == "accept" or now.recipients:
            await self._keep(envelope)
            return "250 2.0.0 kept"
        self._count_one()
        if now.mode in ("defer", "reject"):
            return now.answer
        if now.mode == "drop-after-data":
            await self._keep(envelope)
            _drop(connection)
        await asyncio.get_running_loop().create_future()  # until the connection ends, which cancels us
        return ""

    async def _keep(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        self.store.keep(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        async with self._arrived:
            self._arrived.notify_all()

    def _count_one(self) -> None:
        self._applied += 1
        if self._applied == self.behaviour.times:
            self.behave(Behaviour())


def _drop(connection: SMTP) -> None:
    if isinstance(connection.transport, asyncio.Transport):
        connection.transport.abort()


class _Conversation:
    """The hooks that aiosmtpd calls by their names."""

    def __init__(self, sink: MailSink) -> None:
        self._sink = sink

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], f"250-{SINK_EXTENSION}", responses[-1]]

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refusal = self._sink.refusal_of(address)
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        return await self._sink.take(server, envelope)
