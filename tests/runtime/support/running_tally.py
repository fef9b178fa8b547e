"""The tiny service as operators and callers meet it: real processes beside an issuer and a registry's stand-in."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import jwt
from fastapi import FastAPI, Header

from clearinghouse_local.engines import free_port
from clearinghouse_local.engines.ports import HOST
from clearinghouse_local.issuer import KeyRing, LocalIssuer
from clearinghouse_local.issuer.web import create_app as issuer_app
from clearinghouse_local.services import ServiceProcess
from clearinghouse_messages.answers import DesignationAnswer, MeAnswer
from clearinghouse_runtime.http import serve

AUDIENCE = "clearinghouse-development"
COMMAND_SECONDS = 60


@dataclass(frozen=True)
class TallyProcess:
    """One process, with what is asked of it."""

    server: ServiceProcess
    public: httpx.AsyncClient
    management: httpx.AsyncClient


@dataclass(frozen=True)
class Tally:
    """The service: ``folder`` holds its package, the data of its processes and their logs."""

    folder: Path
    variables: Mapping[str, str]
    issuer: LocalIssuer

    @asynccontextmanager
    async def process(self, name: str, *, called: str | None = None) -> AsyncIterator[TallyProcess]:
        """Start ``python -m tally NAME``, wait until it is ready, and end it after the block."""
        port, management_port = free_port(), free_port()
        data_dir = self.folder / "data" / (called or name)
        ports = {"TALLY_PORT": str(port), "TALLY_MANAGEMENT_PORT": str(management_port)}
        server = ServiceProcess(
            f"tally-{called or name}",
            ["tally", name],
            port,
            management_port=management_port,
            log=self.folder / f"{called or name}.log",
            data_dir=data_dir,
            env={**self.variables, **ports, "TALLY_DATA_DIR": str(data_dir)},
        )
        await asyncio.to_thread(server.start)
        try:
            async with _client(port) as public, _client(management_port) as management:
                yield TallyProcess(server, public, management)
        finally:
            await asyncio.to_thread(server.stop)

    async def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m tally ARGUMENTS`` to its end, with more variables."""
        return await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "tally", *arguments],
            env={**self.variables, **more},
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )

    def bearing(self, person: str) -> dict[str, str]:
        """The header of a caller who is logged in."""
        return {"Authorization": f"Bearer {self.issuer.token(person)}"}


@asynccontextmanager
async def prepared_tally(
    folder: Path, *, mongo_uri: str, database: str, bootstrap: str, prefix: str
) -> AsyncIterator[Tally]:
    """The service with its engines, its issuer and a registry; its package is in the folder."""
    issuer_port, registry_port = free_port(), free_port()
    issuer = LocalIssuer(f"http://{HOST}:{issuer_port}", audience=AUDIENCE, keys=KeyRing(folder / "issuer"))
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    variables = {
        **os.environ,
        "PYTHONPATH": path,
        "TALLY_ENVIRONMENT": "development",
        "TALLY_MONGO_URI": mongo_uri,
        "TALLY_DATABASE": database,
        "TALLY_BOOTSTRAP_SERVERS": bootstrap,
        "TALLY_TOPIC_PREFIX": prefix,
        "TALLY_ISSUER": issuer.address,
        "TALLY_AUDIENCE": AUDIENCE,
        "TALLY_DATA_DIR": str(folder / "data" / "commands"),
        "TALLY_SECRET": "of the tests",
        "TALLY_REGISTRY_ADDRESS": f"http://{HOST}:{registry_port}",
    }
    async with _served(issuer_app(issuer), issuer_port), _served(registry_stand_in(), registry_port):
        yield Tally(folder, variables, issuer)


def registry_stand_in() -> FastAPI:
    """``GET /v1/me`` as the registry answers it: who is called ``secretariat`` is of the Secretariat."""
    app = FastAPI()

    @app.get("/v1/me")
    async def me(authorization: Annotated[str, Header()]) -> MeAnswer:
        claims = jwt.decode(authorization.removeprefix("Bearer "), options={"verify_signature": False})
        held = [_of_the_secretariat(claims["sub"])] if claims["sub"] == "secretariat" else []
        return MeAnswer(person=None, designations=held)

    return app


def _of_the_secretariat(person: str) -> DesignationAnswer:
    return DesignationAnswer(
        id="1",
        person=person,
        realm="absch",
        role="secretariat",
        country=None,
        start=datetime(2026, 1, 1, tzinfo=UTC),
        end=None,
        made_by="test",
        reason="test",
        ended_by=None,
        end_reason=None,
    )


def _client(port: int) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://{HOST}:{port}", timeout=10)


@asynccontextmanager
async def _served(app: FastAPI, port: int) -> AsyncIterator[None]:
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(app, host=HOST, port=port, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await serving
