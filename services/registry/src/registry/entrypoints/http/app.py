"""The registry's HTTP application, made of its routers."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from clearinghouse_messages.answers import AboutAnswer
from clearinghouse_runtime.http import callers, create_app
from clearinghouse_runtime.mongo import INFRASTRUCTURE
from clearinghouse_runtime.status import status_router
from registry.bootstrap import App
from registry.entrypoints.http import drafts, events, people, records, requests
from registry.entrypoints.http.dependencies import answer_stale, secretariat
from registry.manifest import MANIFEST


def api(app: App, metrics: CollectorRegistry) -> FastAPI:
    """The public interface."""
    served = create_app(
        MANIFEST.title,
        description="Records, drafts, requests, designations and events of the clearing-houses.",
        metrics=metrics,
        infrastructure=(*INFRASTRUCTURE, OSError),
    )
    answer_stale(served)
    who = callers(app.backbone.verifier)

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
        status_router(app.backbone, secretariat(app, who)),
        people.router(app, who),
        records.router(app, who),
        events.router(app),
        drafts.router(app, who),
        requests.router(app, who),
        records.links(app),
    ):
        served.include_router(router)
    return served
