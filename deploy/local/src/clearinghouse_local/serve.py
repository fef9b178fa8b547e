"""Running the sink and the issuer as processes of their own, until SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import logging
import signal
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from clearinghouse_local import issuer, sink
from clearinghouse_local.issuer.web import create_app as issuer_app
from clearinghouse_local.sink.web import create_app as sink_app

HOST = "127.0.0.1"


async def run_sink(*, data_dir: Path, smtp_port: int, web_port: int, environment: str) -> None:
    """Take mails on ``smtp_port`` and show them on ``web_port``."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # it would log addresses
    server = sink.MailSink(data_dir, port=smtp_port, host=HOST)
    await server.start()
    await _serve(sink_app(server, environment), web_port)
    await server.stop()


async def run_issuer(*, data_dir: Path, port: int, audience: str) -> None:
    """Issue tokens on ``port``."""
    address = f"http://{HOST}:{port}"
    keys = issuer.KeyRing(data_dir)
    await _serve(issuer_app(issuer.LocalIssuer(address, audience=audience, keys=keys)), port)


async def _serve(app: FastAPI, port: int) -> None:
    config = uvicorn.Config(app, host=HOST, port=port, log_level="warning", lifespan="off", loop="asyncio")
    server = uvicorn.Server(config)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, setattr, server, "should_exit", True)
    await server._serve()  # serve() would raise the signal again and end with its code
