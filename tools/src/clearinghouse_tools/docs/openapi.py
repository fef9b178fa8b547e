"""The HTTP interfaces, as their applications describe them; nothing is contacted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

import notifier.bootstrap
import notifier.entrypoints.http
import notifier.settings
import registry.bootstrap
import registry.entrypoints.http.app
import registry.settings

_NOWHERE = "nowhere.invalid"


def registry_api() -> dict[str, Any]:
    """OpenAPI of the registry."""
    app = registry.bootstrap.build(
        registry.settings.Settings(
            environment="development",
            mongo_uri=SecretStr(f"mongodb://{_NOWHERE}"),
            database="registry",
            bootstrap=_NOWHERE,
            topic_prefix="dev",
            issuer=f"https://{_NOWHERE}",
            audience="clearinghouse",
            public_address=f"https://{_NOWHERE}",
            port=1,
            data_dir=Path(),
            secret=SecretStr("of no use"),
        )
    )
    return _described(registry.entrypoints.http.app.api(app), app.client)


def notifier_api() -> dict[str, Any]:
    """OpenAPI of the notifier."""
    app = notifier.bootstrap.build(
        notifier.settings.Settings(
            environment="development",
            mongo_uri=SecretStr(f"mongodb://{_NOWHERE}"),
            database="notifier",
            bootstrap=_NOWHERE,
            topic_prefix="dev",
            issuer=f"https://{_NOWHERE}",
            audience="clearinghouse",
            port=1,
            data_dir=Path(),
            smtp_host=_NOWHERE,
            smtp_port=25,
        )
    )
    made = notifier.entrypoints.http.make_app(
        app.notices, app.verifier, checks={}, metrics=CollectorRegistry()
    )
    return _described(made, app.client)


def _described(app: FastAPI, client: Any) -> dict[str, Any]:
    client.close()
    return app.openapi()
