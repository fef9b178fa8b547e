"""``GET /v1/status``: how a service keeps up, for the Secretariat alone."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka.errors import KafkaError
from fastapi import APIRouter, Depends

from clearinghouse_messages.answers import DeadLetterCount, QueueStatus, StatusAnswer, TopicLag
from clearinghouse_runtime.backbone import Backbone
from clearinghouse_runtime.http import BearerCredentials
from clearinghouse_runtime.lag import consumer_lag
from clearinghouse_runtime.problems import forbidden
from clearinghouse_runtime.roles import CallerRoles


def status_router(backbone: Backbone, only_secretariat: Callable[..., Awaitable[None]]) -> APIRouter:
    """The route; ``only_secretariat`` is a dependency that refuses everybody else."""
    api = APIRouter(prefix="/v1", tags=["operation"])

    @api.get(
        "/status",
        summary="Lag, open work by lane, dead letters (Secretariat)",
        dependencies=[Depends(only_secretariat)],
    )
    async def status() -> StatusAnswer:
        return await status_of(backbone)

    return api


async def status_of(backbone: Backbone) -> StatusAnswer:
    """How the service keeps up now. The lag is None while the broker does not answer."""
    ledger, now = await backbone.ledger.status(), backbone.clock()
    counts = await backbone.dead_letters.counts()
    return StatusAnswer(
        service=backbone.manifest.name,
        lag=await _lag(backbone),
        unpositioned=ledger.unpositioned,
        unshipped=ledger.position - ledger.shipped,
        work=[
            QueueStatus(
                queue=name,
                lane=work.lane,
                open=work.count,
                oldest_seconds=max((now - work.oldest).total_seconds(), 0.0),
            )
            for name, queue in backbone.all_queues.items()
            for work in await queue.open_work()
        ],
        dead_letters=[DeadLetterCount(queue=name, count=count) for name, count in counts.items() if count],
    )


async def _lag(backbone: Backbone) -> list[TopicLag] | None:
    try:
        behind = await consumer_lag(
            backbone.settings.bootstrap_servers, backbone.group, list(backbone.topics)
        )
    except (KafkaError, OSError, TimeoutError):
        return None
    return [TopicLag(topic=name, messages=count) for name, count in behind.items()]


def secretariat_by_roles(
    required: Callable[..., Awaitable[str]], roles: CallerRoles
) -> Callable[..., Awaitable[None]]:
    """The dependency of services that ask the registry who is of the Secretariat (of any realm)."""

    async def only_secretariat(credentials: BearerCredentials, _: Any = Depends(required)) -> None:
        held = await roles.of(credentials.credentials) if credentials else []
        if not any(designation.role == "secretariat" for designation in held):
            raise secretariat_only()

    return only_secretariat


def secretariat_only() -> Exception:
    """The refusal of everybody else."""
    return forbidden("Only the Secretariat sees how a service keeps up.")
