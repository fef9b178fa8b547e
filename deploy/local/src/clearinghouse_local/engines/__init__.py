"""The engines of one machine, each as a process of its own with a plain handle.

Every handle has ``start`` (returns once the engine answers its protocol), ``stop``, ``kill`` (SIGKILL),
``pause`` and ``resume`` (SIGSTOP, SIGCONT), ``pid`` and ``running``; started again it goes on with its data.
"""

from clearinghouse_local.engines.child import Child, EngineError
from clearinghouse_local.engines.engine import Broker, DocumentStore, Engine
from clearinghouse_local.engines.kafka import KafkaBroker, missing_for_kafka
from clearinghouse_local.engines.mongo import MongoServer, SecantusServer, document_store, missing_for_mongod
from clearinghouse_local.engines.noida import NoidaBroker
from clearinghouse_local.engines.ports import free_port, holder_of, port_is_free
from clearinghouse_local.engines.server import Server

__all__ = [
    "Broker",
    "Child",
    "DocumentStore",
    "Engine",
    "EngineError",
    "KafkaBroker",
    "MongoServer",
    "NoidaBroker",
    "SecantusServer",
    "Server",
    "document_store",
    "free_port",
    "holder_of",
    "missing_for_kafka",
    "missing_for_mongod",
    "port_is_free",
]
