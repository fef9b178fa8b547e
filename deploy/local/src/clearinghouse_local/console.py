"""What the stack prints to whoever started it: one line a fact, never folded, in colour on a terminal."""

from __future__ import annotations

from rich.console import Console


def print_line(console: Console, line: str) -> None:
    """One plain line."""
    console.print(line, highlight=False, soft_wrap=True, markup=False)


def print_step(console: Console, seconds: float, line: str) -> None:
    """What has been reached, so many seconds after the start."""
    console.print(f"[dim]{seconds:5.1f} s[/] ", end=" ")
    print_line(console, line)


def print_error(console: Console, reason: str) -> None:
    """Why it cannot start, and what to do."""
    console.print("[red]Cannot start:[/]", end=" ")
    print_line(console, reason)


def print_note(console: Console, line: str) -> None:
    """What is lacking and got round."""
    console.print("[yellow]Note:[/]", end=" ")
    print_line(console, line)
