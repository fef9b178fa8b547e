"""login: who is calling."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from clearinghouse_client.api import Registry
from clearinghouse_client.commands.running import command
from clearinghouse_client.connection import Connection
from clearinghouse_client.credentials import Profile
from clearinghouse_client.errors import UsageError
from clearinghouse_client.identity import IssuerClient, Token
from clearinghouse_client.output import CommandResult, facts, plain
from clearinghouse_client.session import CommandSession
from clearinghouse_messages.answers import DesignationAnswer

PASSWORD = "CLEARINGHOUSE_PASSWORD"  # noqa: S105 - the name of a variable, not a password
SECRET = "CLEARINGHOUSE_CLIENT_SECRET"  # noqa: S105 - likewise


def add(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app)(login)


async def login(
    session: CommandSession,
    user: Annotated[str | None, typer.Option(help="A person's user name; the password is asked for.")] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    client_id: Annotated[
        str | None, typer.Option(help="A partner system, by its client credentials.")
    ] = None,
    client_secret_env: Annotated[
        str, typer.Option(help="The environment variable that holds the partner system's secret.")
    ] = SECRET,
) -> CommandResult:
    """Sign in, and keep the token in a profile. The password may stand in CLEARINGHOUSE_PASSWORD."""
    if (user is None) == (client_id is None):
        raise UsageError("Say who signs in: either --user NAME or --client-id ID.")
    address, issuer = await session.issuer()
    if user is not None:
        who, variable = user, None
        token = await issuer.by_password(user, _password(session, user, from_stdin=password_stdin))
    else:
        who, variable = str(client_id), client_secret_env
        token = await _partner(session, issuer, who, variable)
    profile = Profile(
        registry=session.address,
        issuer=address,
        user=who,
        token=token.access,
        expires_at=token.expires_at,
        refresh=token.refresh,
        secret_variable=variable,
    )
    session.credentials.save(session.options.profile, profile)
    return await _who(session, profile)


async def _partner(session: CommandSession, issuer: IssuerClient, client_id: str, variable: str) -> Token:
    secret = session.host.variables.get(variable)
    if not secret:
        raise UsageError(
            f"The environment variable {variable} is not set.",
            "Set it to the secret of the partner system, or name another one with --client-secret-env.",
        )
    return await issuer.by_client_credentials(client_id, secret)


def _password(session: CommandSession, user: str, *, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return session.host.variables.get(PASSWORD) or str(
        typer.prompt(f"Password of {user}", hide_input=True, err=True)
    )


async def _who(session: CommandSession, profile: Profile) -> CommandResult:
    async def bearer() -> str:
        return profile.token

    registry = Registry(Connection(session.address, session.client, bearer))
    me = await registry.me()
    roles = ", ".join(_role(designation) for designation in me.designations)
    document = {
        "user": profile.user,
        "registry": profile.registry,
        "profile": session.options.profile,
        "expiresAt": profile.expires_at.isoformat(),
        "designations": plain(me.designations),
    }
    view = facts(
        [
            ("signed in", f"{profile.user} at {profile.registry}"),
            ("roles", roles or "none"),
            ("until", f"{profile.expires_at:%Y-%m-%d %H:%M:%S} UTC"),
            ("kept in", f"{session.credentials.path} (profile {session.options.profile})"),
        ]
    )
    return CommandResult(document, view, "clearinghouse draft FILE, or clearinghouse requests")


def _role(designation: DesignationAnswer) -> str:
    country = (designation.country or "").upper()
    return f"{designation.realm} {designation.role} {country}".rstrip()
