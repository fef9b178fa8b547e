"""Letters go over a connection whose certificate was checked, to a server that knows us."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from notifier.adapters.smtp import SmtpServer
from notifier.application.ports import NotHandedOverError
from notifier.domain.delivery import AddressReply
from tests.notifier.support.smtp import ScriptedServer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key, vouched for by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay.test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "relay.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture(scope="module")
def context(certificate: Path) -> ssl.SSLContext:
    """What a server with the certificate needs."""
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(certificate)
    return made


class Relay:
    """Keeps what a known sender hands over after STARTTLS."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.received: list[list[str]] = []
        self._context = context

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Its port."""

        def conversation() -> Any:
            return SMTP(
                self,
                tls_context=self._context,
                require_starttls=True,
                auth_required=True,
                authenticator=self._known,
                loop=asyncio.get_running_loop(),
            )

        server = await asyncio.get_running_loop().create_server(conversation, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await server.wait_closed()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - its hook
        self.received.append(envelope.rcpt_tos)
        return "250 kept"

    def _known(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        known = (data.login, data.password) == (b"user", b"open sesame")
        return AuthResult(success=known, handled=False)


async def _nothing(_: object) -> None:
    return None


async def _hand_over(server: SmtpServer) -> AddressReply:
    (reply,) = await server.hand_over("bch@example.org", ["a@example.mx"], b"x\r\n", commit=_nothing)
    return reply


async def test_a_known_sender_hands_over_after_starttls(certificate: Path, context: ssl.SSLContext) -> None:
    relay = Relay(context)
    async with relay.listening() as port:
        ours = SmtpServer("127.0.0.1", port, "starttls", False, "user", "open sesame", str(certificate))
        assert (await _hand_over(ours)).status == "accepted"
    assert relay.received == [["a@example.mx"]]


async def test_a_login_that_is_refused_defers_and_is_not_repeated(
    certificate: Path, context: ssl.SSLContext
) -> None:
    relay = Relay(context)
    async with relay.listening() as port:
        ours = SmtpServer("127.0.0.1", port, "starttls", False, "user", "wrong word", str(certificate))
        with pytest.raises(NotHandedOverError) as refusal:
            await _hand_over(ours)
    assert refusal.value.code == 535
    assert "wrong" not in refusal.value.text
    assert relay.received == []


async def test_a_letter_is_handed_over_a_connection_encrypted_from_its_start(
    certificate: Path, context: ssl.SSLContext
) -> None:
    async with ScriptedServer().running(tls=context) as server:
        ours = SmtpServer("127.0.0.1", server.port, "tls", True, ca_file=str(certificate))
        assert (await _hand_over(ours)).status == "accepted"
        assert len(server.received) == 1


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(context: ssl.SSLContext) -> None:
    async with ScriptedServer().running(tls=context) as server:
        with pytest.raises(NotHandedOverError):
            await _hand_over(SmtpServer("127.0.0.1", server.port, "tls", True))
        assert server.received == []
