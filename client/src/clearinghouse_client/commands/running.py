"""How a command becomes a part of the program: shared options, the session, output, and the exit code."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Concatenate, ParamSpec, cast

import typer

from clearinghouse_client.errors import INTERRUPTED, ClientError, UsageError
from clearinghouse_client.output import CommandResult, Output
from clearinghouse_client.session import CommandSession, Host, Options, open_session

P = ParamSpec("P")
Work = Callable[Concatenate[CommandSession, P], Awaitable[CommandResult | None]]

GROUP = "Every command"


def _shared(
    *,
    registry: Annotated[
        str | None,
        typer.Option(
            envvar="CLEARINGHOUSE_REGISTRY",
            help="Address of the registry; without it that of the profile, else http://127.0.0.1:8100.",
            rich_help_panel=GROUP,
        ),
    ] = None,
    profile: Annotated[
        str,
        typer.Option(envvar="CLEARINGHOUSE_PROFILE", help="Which sign-in to use.", rich_help_panel=GROUP),
    ] = "default",
    realm: Annotated[
        str | None,
        typer.Option(
            help="Clearing-house: absch (if not given), bch or chm; `follow` takes every one.",
            rich_help_panel=GROUP,
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="JSON on stdout, for machines.", rich_help_panel=GROUP)
    ] = False,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds to wait for each answer.", rich_help_panel=GROUP)
    ] = 30.0,
    idempotency_key: Annotated[
        str | None,
        typer.Option(
            help="Repeat an earlier command whose outcome is not known; it acts once.", rich_help_panel=GROUP
        ),
    ] = None,
) -> Options:
    return Options(registry, profile, realm, json, timeout, idempotency_key)


def command(app: typer.Typer) -> Callable[[Work[P]], Work[P]]:
    """Add a function of a session to the program, under its own name, with the shared options."""

    def register(work: Work[P]) -> Work[P]:
        own = list(inspect.signature(work, eval_str=True).parameters.values())[1:]
        shared = list(inspect.signature(_shared, eval_str=True).parameters.values())

        def run(**given: Any) -> None:
            host = given.pop("ctx").obj or Host()
            options = _shared(**{parameter.name: given.pop(parameter.name) for parameter in shared})

            async def bound(session: CommandSession) -> CommandResult | None:
                return await cast(Any, work)(session, **given)  # type: ignore[no-any-return]

            raise typer.Exit(execute(options, host, bound))

        context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
        parameters = [
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (context, *own, *shared)
        ]
        described = cast(Any, run)
        described.__name__ = work.__name__.rstrip("_")
        described.__doc__ = work.__doc__
        described.__signature__ = inspect.Signature(parameters)
        described.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        app.command(described.__name__)(described)
        return work

    return register


def execute(
    options: Options, host: Host, work: Callable[[CommandSession], Awaitable[CommandResult | None]]
) -> int:
    """Run a command to its end and return the program's exit code; errors have been printed by then."""
    output = Output(options.json)
    try:
        result = asyncio.run(_with_session(options, host, work))
        if result is not None:
            output.show(result)
    except ClientError as error:
        output.error(error)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


async def _with_session(
    options: Options, host: Host, work: Callable[[CommandSession], Awaitable[CommandResult | None]]
) -> CommandResult | None:
    if not options.registry or options.registry.startswith(("http://", "https://")):
        async with open_session(options, host) as session:
            return await work(session)
    raise UsageError(
        f"--registry is not an address: {options.registry}", "Give one such as http://127.0.0.1:8100."
    )
