"""The registry's HTTP application, made of its routers."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from clearinghouse_runtime.health import Check
from clearinghouse_runtime.http import create_app
from clearinghouse_runtime.mongo import INFRASTRUCTURE
from registry.bootstrap import App
from registry.entrypoints.http import drafts, events, people, records, requests
from registry.entrypoints.http.commands import answer_refusals, callers


def api(app: App) -> FastAPI:
    """The public interface."""
    served = create_app(
        "Registry of the clearing-houses",
        description="Records, drafts, requests, designations and events of the ABSCH, the BCH and the CHM.",
        checks={**engine_checks(app), "issuer": app.verifier.check},
        metrics=CollectorRegistry(),
        infrastructure=(*INFRASTRUCTURE, OSError),
    )
    answer_refusals(served)
    who = callers(app)

    @served.get("/v1/about", tags=["operation"], summary="Which environment this is and where its parts are")
    async def about() -> dict[str, Any]:
        settings = app.settings
        return {
            "environment": settings.environment,
            "realms": list(app.context.catalogue.realms),
            "issuer": settings.issuer,
            "audience": settings.audience,
            "notifier": settings.notifier_address,
            "generation": await app.ledger.generation(),
            "version": version("clearinghouse-registry"),
        }

    for router in (
        people.router(app, who),
        records.router(app, who),
        events.router(app),
        drafts.router(app, who),
        requests.router(app, who),
        records.links(app),
    ):
        served.include_router(router)
    return served


def engine_checks(app: App) -> dict[str, Check]:
    """Whether the document store answers and is prepared."""
    return {"mongo": app.ledger.generation}
