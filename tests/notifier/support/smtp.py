"""A mail server that answers as it is reported, over a real socket: for the faults that a sink cannot make."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.notifier.support.fakes import ReceivedMail, ServerScript


class ScriptedServer:
    """Speaks as much SMTP as a sender needs. ``scripts`` are taken one by one, the last one stays.

    Beyond those of the fake, ``lost`` may be ``hang``: the server keeps the content and never answers.
    """

    def __init__(
        self, *scripts: ServerScript, extensions: tuple[str, ...] = ("X-CLEARINGHOUSE-SINK",)
    ) -> None:
        self.scripts = list(scripts) or [ServerScript()]
        self.received: list[ReceivedMail] = []
        self.arrived = asyncio.Condition()
        self.port = 0
        self._extensions = extensions
        self._open: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[ScriptedServer]:
        """Listening on a free port of the loopback interface until the block ends."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for conversation in self._open:
                conversation.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)
            await server.wait_closed()

    async def mails(self, count: int, *, within: float = 20.0) -> list[ReceivedMail]:
        """Wait until the server has kept ``count`` messages, and return them."""
        async with asyncio.timeout(within), self.arrived:
            await self.arrived.wait_for(lambda: len(self.received) >= count)
        return self.received

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._converse(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()
            self._open.discard(task)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        if script.lost == "before":
            return
        _say(writer, "220 test")
        sender, recipients = "", list[str]()
        while line := (await reader.readline()).decode().strip():
            verb, _, argument = line.partition(" ")
            match verb:
                case "EHLO":
                    _say(writer, *[f"250-{name}" for name in ("test", *self._extensions)], "250 8BITMIME")
                case "MAIL":
                    sender = _mailbox(argument)
                    _say(writer, "250 OK")
                case "RCPT":
                    code = script.codes.get(_mailbox(argument), 250)
                    recipients += [_mailbox(argument)] if code < 300 else []
                    _say(writer, f"{code} answer to the address")
                case "DATA":
                    _say(writer, "354 go on")
                    content = _unstuffed(await reader.readuntil(b"\r\n.\r\n"))
                    if not await self._answer(
                        script, ReceivedMail(sender, recipients, content), reader, writer
                    ):
                        return
                case _:
                    _say(writer, "221 bye")
                    return

    async def _answer(
        self,
        script: ServerScript,
        mail: ReceivedMail,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        """Whether the conversation goes on."""
        if script.keeps or (script.lost is None and script.content_code < 300):
            await self._keep(mail)
        if script.lost == "hang":
            await reader.read()
        if script.lost is None:
            _say(writer, f"{script.content_code} answer to the content")
        return script.lost is None

    async def _keep(self, received: ReceivedMail) -> None:
        async with self.arrived:
            self.received.append(received)
            self.arrived.notify_all()


def _say(writer: asyncio.StreamWriter, *lines: str) -> None:
    writer.write("".join(f"{line}\r\n" for line in lines).encode())


def _mailbox(argument: str) -> str:
    return argument.partition("<")[2].partition(">")[0]


def _unstuffed(raw: bytes) -> bytes:
    return raw.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
