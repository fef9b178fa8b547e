"""The timeline of a demo: each step measured, checked, shown at once and kept for the report."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console
from rich.markup import escape

from clearinghouse_client.errors import ClientError

T = TypeVar("T")

DEADLINE = 30.0
"""Seconds after which a condition that does not come true fails its step."""
MAX_PAUSE = 0.05


class CheckError(Exception):
    """A step did not do what it claims; the message says what was expected and what was found."""


@dataclass
class Step:
    """One line of the timeline; ``outcome`` is done or failed."""

    name: str
    outcome: str
    milliseconds: float
    detail: str = ""


@dataclass
class Timeline:
    """The steps so far. Times are monotonic seconds (``now``), shown in milliseconds."""

    console: Console
    steps: list[Step] = field(default_factory=list)

    @staticmethod
    def now() -> float:
        """The moment that a step can be measured from."""
        return time.perf_counter()

    def chapter(self, title: str) -> None:
        """Open a part of the demo."""
        self.console.print(f"\n[bold]{escape(title)}[/bold]")

    @contextmanager
    def step(self, name: str, since: float | None = None) -> Iterator[Step]:
        """Measure a block, from its start or from ``since``. A failed check is shown and goes up."""
        start = self.now() if since is None else since
        step = Step(name, "done", 0.0)
        try:
            yield step
        except (CheckError, ClientError) as error:
            step.outcome = "failed"
            step.detail = _why(error)
            raise
        finally:
            step.milliseconds = (self.now() - start) * 1000
            self._add(step)

    def done(self, name: str, milliseconds: float, detail: str = "") -> None:
        """Add a step that was measured elsewhere."""
        self._add(Step(name, "done", milliseconds, detail))

    def _add(self, step: Step) -> None:
        self.steps.append(step)
        mark = "[green]✓[/green]" if step.outcome == "done" else "[red]✗[/red]"
        detail = f"  [dim]{escape(step.detail)}[/dim]" if step.detail else ""
        self.console.print(
            f"  {mark} {escape(step.name):<58}[cyan]{step.milliseconds:>9.1f} ms[/cyan]{detail}",
            soft_wrap=True,
        )


def expect(holds: object, expected: str, found: object = None) -> None:
    """Fail the step unless it holds, saying what was expected and, if given, what was found."""
    if not holds:
        raise CheckError(f"expected {expected}" + (f"; found {found}" if found is not None else ""))


async def until(
    ask: Callable[[], Awaitable[T]], enough: Callable[[T], bool], expected: str, deadline: float = DEADLINE
) -> T:
    """Ask until the answer is enough; fails after ``deadline`` seconds with what was expected."""
    end = time.monotonic() + deadline
    pause = 0.005
    while True:
        answer = await ask()
        if enough(answer):
            return answer
        expect(time.monotonic() < end, f"{expected} within {deadline:.0f} s")
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, MAX_PAUSE)


def _why(error: CheckError | ClientError) -> str:
    if isinstance(error, CheckError):
        return str(error)
    problem = error.problem()
    faults = [f"{fault.path}: {fault.expected}" for fault in problem.errors]
    return "; ".join(
        [error.message.rstrip("."), *(faults or filter(None, [problem.detail, error.next_step]))]
    )
