"""Where mails are kept: each in a file of its own as it came in, and an index of envelopes beside them."""

from __future__ import annotations

import email.policy
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Mail:
    """One mail, read for people and tests."""

    id: int
    """Counts 1, 2, 3 in the order of arrival."""
    received_at: str
    """ISO 8601, UTC."""
    sender: str
    recipients: list[str]
    """The envelope's, in the order in which they were accepted."""
    subject: str
    message_id: str
    language: str
    """Content-Language, empty where it is not stated."""
    roles: str
    """X-Clearinghouse-Roles, empty where it is not stated."""
    headers: dict[str, str]
    text: str
    html: str

    def view(self) -> dict[str, Any]:
        """As JSON, with the names of the sink's interface."""
        fields = asdict(self)
        fields["receivedAt"] = fields.pop("received_at")
        fields["messageId"] = fields.pop("message_id")
        return fields


class MailStore:
    """Mails below one folder. What ``keep`` returned survives a crash of the process and of the machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = folder / "index.jsonl"
        folder.mkdir(parents=True, exist_ok=True)
        self._mails = [self._read(entry) for entry in self._entries()]

    def all(self, after: int = 0) -> list[Mail]:
        """The mails behind number ``after``, in order of arrival."""
        return [mail for mail in self._mails if mail.id > after]

    def get(self, number: int) -> Mail | None:
        """One mail by its number."""
        return next((mail for mail in self._mails if mail.id == number), None)

    def keep(self, sender: str, recipients: list[str], content: bytes) -> Mail:
        """Store one mail on disk and return it."""
        entry = {
            "id": self._mails[-1].id + 1 if self._mails else 1,
            "receivedAt": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "sender": sender,
            "recipients": recipients,
        }
        _write_through(self._file(int(str(entry["id"]))), content, "wb")
        _write_through(self._index, json.dumps(entry).encode() + b"\n", "ab")
        mail = self._read(entry)
        self._mails.append(mail)
        return mail

    def _entries(self) -> list[dict[str, Any]]:
        if not self._index.exists():
            return []
        whole, _, torn = self._index.read_bytes().rpartition(b"\n")
        if torn:  # the process died in the middle of the line; that mail was never answered
            self._index.write_bytes(whole + b"\n" if whole else b"")
        return [json.loads(line) for line in whole.splitlines()]

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:06}.eml"

    def _read(self, entry: dict[str, Any]) -> Mail:
        message = email.message_from_bytes(self._file(entry["id"]).read_bytes(), policy=email.policy.default)
        headers = {name: str(value) for name, value in message.items()}
        return Mail(
            id=entry["id"],
            received_at=entry["receivedAt"],
            sender=entry["sender"],
            recipients=entry["recipients"],
            subject=headers.get("Subject", ""),
            message_id=headers.get("Message-ID", ""),
            language=headers.get("Content-Language", ""),
            roles=headers.get("X-Clearinghouse-Roles", ""),
            headers=headers,
            text=_body(message, "plain"),
            html=_body(message, "html"),
        )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _write_through(path: Path, content: bytes, mode: str) -> None:
    with path.open(mode) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
