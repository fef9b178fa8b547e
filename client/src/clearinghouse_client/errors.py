"""What can go wrong between a caller and a clearing-house, each kind with its own exit code."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

REFUSED, USAGE, UNREACHABLE, INTERRUPTED = 1, 2, 3, 130


class Fault(BaseModel):
    """One thing wrong with what was sent: a JSON pointer, the kind, and what was expected."""

    model_config = ConfigDict(hide_input_in_errors=True)

    path: str = ""
    code: str = ""
    expected: str = ""


class Problem(BaseModel):
    """Why a server refused (RFC 9457), with every fault at once."""

    model_config = ConfigDict(hide_input_in_errors=True, extra="allow")

    type: str = "about:blank"
    title: str = ""
    status: int = 0
    detail: str = ""
    errors: list[Fault] = []


class ClientError(Exception):
    """Anything that ends a command. ``next_step`` says what the caller can do."""

    exit_code = REFUSED

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def problem(self) -> Problem:
        """The same as problem details, for ``--json``."""
        return Problem(title=self.message)


class RefusedError(ClientError):
    """The server understood the command and refused it."""

    def __init__(self, problem: Problem, next_step: str = "") -> None:
        super().__init__(problem.title or f"refused with status {problem.status}", next_step)
        self._problem = problem

    def problem(self) -> Problem:
        """The problem details that the server sent."""
        return self._problem

    @property
    def status(self) -> int:
        """The HTTP status of the refusal."""
        return self._problem.status


class SignInError(ClientError):
    """Nobody is signed in, the sign-in has ended, or the issuer refused it."""


class UsageError(ClientError):
    """The command or the file it names cannot be used as given; nothing was sent."""

    exit_code = USAGE


class UnreachableError(ClientError):
    """No answer, or none that can be understood: the other side is away, slow or something else."""

    exit_code = UNREACHABLE
