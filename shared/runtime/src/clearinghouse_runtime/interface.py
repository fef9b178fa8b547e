"""What every service's interface has before any route of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from clearinghouse_runtime.backbone import Backbone
from clearinghouse_runtime.http import Callers, callers, create_app
from clearinghouse_runtime.status import status_router
from clearinghouse_runtime.work import TRANSIENT_ERRORS


def interface(
    backbone: Backbone,
    metrics: CollectorRegistry,
    *,
    description: str,
    only_secretariat: Callable[[Callers], Callable[..., Awaitable[None]]],
) -> tuple[FastAPI, Callers]:
    """An interface with problem details, limits, metrics and ``GET /v1/status``; and who calls it.

    ``only_secretariat`` makes the dependency that refuses everybody else.
    """
    served = create_app(
        backbone.manifest.title, description=description, metrics=metrics, infrastructure=TRANSIENT_ERRORS
    )
    who = callers(backbone.verifier)
    served.include_router(status_router(backbone, only_secretariat(who)))
    return served, who
