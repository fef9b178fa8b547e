"""The mail server, over SMTP (RFC 5321). Every hand-over has a connection of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

import aiosmtplib

from notifier.application.ports import Commit, NotHandedOverError, UncertainError
from notifier.domain.addresses import envelope_address
from notifier.domain.delivery import AddressReply, AddressStatus

SINK_EXTENSION = "x-clearinghouse-sink"
"""What the mail sink of an environment announces in its answer to EHLO."""

MAX_REPLY_CHARACTERS = 500

Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True)
class SmtpServer:
    """Where letters are handed over. ``sink_only``: to nothing but the mail sink of an environment.

    ``timeout`` holds for each step of the conversation, in seconds.
    """

    host: str
    port: int
    security: Security
    sink_only: bool
    username: str | None = None
    password: str | None = None
    ca_file: str | None = None
    """Certificates of authorities beside the system's own, for a relay with a private one."""
    timeout: float = 60.0

    @property
    def name(self) -> str:
        """What the evidence calls it."""
        return f"{self.host}:{self.port}"

    async def hand_over(
        self, sender: str, emails: Sequence[str], content: bytes, *, commit: Commit
    ) -> list[AddressReply]:
        """See ``notifier.application.ports.MailServer``.

        What the server says of us (greeting, login, MAIL) defers; what it says of an address (RCPT) or of the
        content (DATA) is final where its code is 5xx, and is tried again where it is 4xx.
        """
        async with self._connected(sender.rpartition("@")[2]) as client:
            with _before_content():
                await self._greet(client)
                await client.mail(sender)
                replies = [await _recipient(client, email) for email in emails]
            willing = [reply.email for reply in replies if reply.status == "accepted"]
            if not willing:
                return replies
            declined = [reply for reply in replies if reply.status != "accepted"]
            await commit(declined)
            if not client.is_connected:
                raise NotHandedOverError(None, "the connection was lost before the content was sent")
            code, text = await _content(client, content)
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()
        return [*declined, *(AddressReply(email, _standing(code), code, text) for email in willing)]

    @asynccontextmanager
    async def _connected(self, greeting: str) -> AsyncIterator[aiosmtplib.SMTP]:
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            timeout=self.timeout,
            local_hostname=greeting,
            use_tls=self.security == "tls",
            start_tls=False,
            cert_bundle=self.ca_file,
        )
        with _before_content():
            await client.connect()
        try:
            yield client
        finally:
            client.close()

    async def _greet(self, client: aiosmtplib.SMTP) -> None:
        await client.ehlo()
        if self.security == "starttls":
            await client.starttls()
            await client.ehlo()
        if self.sink_only and not client.supports_extension(SINK_EXTENSION):
            raise NotHandedOverError(None, "not the mail sink of this environment: nothing was sent")
        if self.username is not None:
            await client.login(self.username, self.password or "")


@contextmanager
def _before_content() -> Iterator[None]:
    """Turns errors of the conversation before the content into NotHandedOverError."""
    try:
        yield
    except aiosmtplib.SMTPResponseException as error:
        raise NotHandedOverError(error.code, _short(error.message)) from error
    except aiosmtplib.SMTPException as error:
        raise NotHandedOverError(None, _short(error.message)) from error
    except OSError as error:
        raise NotHandedOverError(None, f"no connection ({type(error).__name__})") from error


async def _recipient(client: aiosmtplib.SMTP, email: str) -> AddressReply:
    try:
        answer = await client.rcpt(envelope_address(email))
    except aiosmtplib.SMTPRecipientRefused as refusal:
        return AddressReply(email, _standing(refusal.code), refusal.code, _short(refusal.message))
    return AddressReply(email, "accepted", answer.code, _short(answer.message))


async def _content(client: aiosmtplib.SMTP, content: bytes) -> tuple[int, str]:
    """The server's answer to the content. Raises UncertainError when there is none that can be understood."""
    try:
        answer = await client.data(content)
    except aiosmtplib.SMTPDataError as refusal:
        if not 200 <= refusal.code < 600:
            raise UncertainError("the server's answer to the content is not one") from refusal
        return refusal.code, _short(refusal.message)
    except aiosmtplib.SMTPTimeoutError as error:
        raise UncertainError("the server did not answer in time after the content") from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise UncertainError("the connection was lost before the server answered to the content") from error
    return answer.code, _short(answer.message)


def _standing(code: int) -> AddressStatus:
    if 200 <= code < 300:
        return "accepted"
    return "refused" if 500 <= code < 600 else "pending"


def _short(text: str) -> str:
    """A server's text as evidence keeps it: printable, on one line, not longer than needed."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:MAX_REPLY_CHARACTERS]
