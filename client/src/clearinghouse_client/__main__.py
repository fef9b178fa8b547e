"""The program `clearinghouse`."""

from __future__ import annotations

import typer

from clearinghouse_client.commands import drafting, reading, requesting, signing_in

app = typer.Typer(
    name="clearinghouse",
    no_args_is_help=True,
    add_completion=False,
    help="Draft, publish, read and follow the records of the clearing-houses (ABSCH, BCH, CHM).",
    epilog="Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no answer.",
)

signing_in.add(app)
drafting.add(app)
requesting.add(app)
reading.add(app)

if __name__ == "__main__":
    app()
