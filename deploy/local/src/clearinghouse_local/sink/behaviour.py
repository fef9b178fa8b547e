"""How the sink answers: as a mail server in health, or with the faults that real ones have."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Mode = Literal["accept", "defer", "reject", "hang", "drop-after-data"]


class Behaviour(BaseModel):
    """What happens to the next mails.

    ``accept`` keeps the mail and says so (250). ``defer`` (451) and ``reject`` (550) refuse it: with
    ``recipients`` those addresses when they are named (RCPT), else the whole mail after its content (DATA).
    ``hang`` reads the content, keeps nothing and never answers. ``drop-after-data`` keeps the mail, then
    drops the connection without an answer: the sender cannot know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Mode = "accept"
    code: int | None = Field(default=None, ge=400, le=599)
    """The answer's code instead of 451 or 550."""
    text: str = Field(default="", max_length=200)
    """The answer's text instead of ours."""
    times: int | None = Field(default=None, ge=1)
    """How often the fault happens before all is well again; None: until it is reset."""
    recipients: frozenset[str] = frozenset()
    """Only these addresses are refused; for ``defer`` and ``reject``."""

    @property
    def answer(self) -> str:
        """The line that refuses."""
        code = self.code or (451 if self.mode == "defer" else 550)
        status = "4.3.0" if code < 500 else "5.1.1"
        text = self.text or ("try again later" if code < 500 else "not accepted here")
        return f"{code} {status} {text}"
