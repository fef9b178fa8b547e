"""The workflow of drafts and requests for publication, as one table of actions.

Handlers carry its rows out, answers list what their reader can do now, docs/workflow.md and the property test
are made of it. Source: modalities of operation of the ABS Clearing-House (decision NP-1/2); the draft is locked
while its request runs, and comes back unless the request was approved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from clearinghouse_messages.events import (
    RequestApproved,
    RequestCancelled,
    RequestEvent,
    RequestOpened,
    RequestRecalled,
    RequestRejected,
    RequestStatus,
    RequestTimedOut,
)
from registry.domain.permission import Permission

DraftStatus = Literal["free", "locked"]
ActsOn = Literal["draft", "request"]
Notified = Literal["author", "deciders"]


@dataclass(frozen=True)
class Transition:
    """One action: on what, from which status to which, who may, and what follows.

    ``source`` and ``target`` are statuses of what it is on; None: the draft is removed. ``permission`` None: the
    system itself. ``draft`` is what becomes of the draft; ``event`` and ``notifies`` are
    what is stated and to whom it is addressed; ``reason`` whether one must be given.
    """

    name: str
    on: ActsOn
    source: DraftStatus | RequestStatus
    target: DraftStatus | RequestStatus | None
    permission: Permission | None
    draft: Literal["kept", "removed", "locked", "freed", "published"]
    event: type[RequestEvent] | None = None
    notifies: tuple[Notified, ...] = ()
    reason: bool = False


TRANSITIONS: tuple[Transition, ...] = (
    Transition("replace", "draft", "free", "free", "draft", "kept"),
    Transition("discard", "draft", "free", None, "draft", "removed"),
    Transition("publish", "draft", "free", None, "publish", "published"),
    Transition("request", "draft", "free", "locked", "request", "locked", RequestOpened, ("deciders",)),
    Transition(
        "approve", "request", "open", "approved", "publish", "published", RequestApproved, ("author",)
    ),
    Transition(
        "reject", "request", "open", "rejected", "publish", "freed", RequestRejected, ("author",), reason=True
    ),
    Transition(
        "recall", "request", "open", "recalled", "recall", "freed", RequestRecalled, ("author", "deciders")
    ),
    Transition(
        "cancel", "request", "open", "cancelled", None, "freed", RequestCancelled, ("author", "deciders")
    ),
    Transition(
        "time-out", "request", "open", "timed-out", None, "freed", RequestTimedOut, ("author", "deciders")
    ),
)


def transition(on: ActsOn, name: str) -> Transition:
    """The row of an action. Raises KeyError."""
    for row in TRANSITIONS:
        if (row.on, row.name) == (on, name):
            return row
    raise KeyError(f"the workflow has no action {name} on a {on}")


def actions(on: ActsOn, status: str, permitted: Callable[[Permission], bool]) -> list[str]:
    """What somebody can do now, in the order of the table; ``permitted`` says whether a permission is held."""
    return [
        row.name
        for row in TRANSITIONS
        if row.on == on and row.source == status and row.permission is not None and permitted(row.permission)
    ]
