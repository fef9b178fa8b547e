"""What can go wrong between a caller and a clearing-house, each kind with its own exit code."""

from __future__ import annotations

from clearinghouse_messages.problems import ProblemDetails

REFUSED, USAGE, UNREACHABLE, INTERRUPTED = 1, 2, 3, 130


class ClientError(Exception):
    """Anything that ends a command. ``next_step`` says what the caller can do."""

    exit_code = REFUSED

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def problem(self) -> ProblemDetails:
        """The same as problem details, for ``--json``."""
        return ProblemDetails(title=self.message)


class RefusedError(ClientError):
    """The server understood the command and refused it."""

    def __init__(self, problem: ProblemDetails, next_step: str = "") -> None:
        super().__init__(
            problem.title or f"The server refused the command (status {problem.status}).", next_step
        )
        self._problem = problem

    def problem(self) -> ProblemDetails:
        """The problem details that the server sent."""
        return self._problem

    def __str__(self) -> str:
        faults = [f"{fault.path} {fault.expected}" for fault in self._problem.errors]
        return "; ".join([self.message, *faults])

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
    """No answer, or none that can be understood: the server is unavailable, slow or something else."""

    exit_code = UNREACHABLE
