"""The registry's HTTP application, made of its routers."""

from __future__ import annotations

from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from clearinghouse_messages.answers import AboutAnswer
from clearinghouse_runtime.interface import interface
from registry.bootstrap import App
from registry.entrypoints.http import drafts, events, people, records, requests
from registry.entrypoints.http.dependencies import answer_stale, secretariat


def api(app: App, metrics: CollectorRegistry) -> FastAPI:
    """The public interface."""
    served, who = interface(
        app.backbone,
        metrics,
        description="Records, drafts, requests, designations and events of the clearing-houses.",
        only_secretariat=partial(secretariat, app),
    )
    answer_stale(served)

    @served.get("/v1/about", tags=["operation"], summary="Which environment this is and where its parts are")
    async def about() -> AboutAnswer:
        settings = app.settings
        return AboutAnswer(
            environment=settings.environment,
            realms=list(app.context.catalogue.realms),
            issuer=settings.issuer,
            audience=settings.audience,
            notifier=settings.notifier_address,
            generation=await app.context.ledger.generation(),
            version=version("clearinghouse-registry"),
        )

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
