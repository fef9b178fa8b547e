"""What engines have in common: a server with its data in one folder."""

from __future__ import annotations

from pathlib import Path

from clearinghouse_local.engines.child import EngineError
from clearinghouse_local.engines.ports import HOST
from clearinghouse_local.engines.server import Server


class Engine(Server):
    """An engine. Without ``log`` its output goes beside the data folder."""

    def __init__(self, data_dir: Path, port: int, *, log: Path | None = None) -> None:
        self.data_dir = data_dir.absolute()
        super().__init__(port, log=log or data_dir.with_name(f"{data_dir.name}.log"), cwd=data_dir)

    def _prepare(self) -> None:
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            self._lay_out()
        except OSError as error:
            raise EngineError(
                f"{self.title}: its data folder {self.data_dir} cannot be used ({error.strerror}); "
                "make yourself its owner (chown), or move it away"
            ) from None

    def _lay_out(self) -> None:
        """What the engine does not make itself in its folder."""

    def failure(self) -> str:
        """As for every server, with the data folder: moving it away is what a person can do about it."""
        return f"{super().failure()[:-1]}; data: {self.data_dir})"


class DocumentStore(Engine):
    """An engine that speaks MongoDB's protocol with transactions and change streams."""

    @property
    def uri(self) -> str:
        """Connection string. Direct: a one-node replica set needs no discovery."""
        return f"mongodb://{HOST}:{self.port}/?directConnection=true"


class Broker(Engine):
    """An engine that speaks Kafka's protocol."""

    @property
    def bootstrap(self) -> str:
        """``host:port`` for clients."""
        return f"{HOST}:{self.port}"
