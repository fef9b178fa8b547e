"""The command: a stack of its own on free ports and temporary data, measured once and ended."""

from __future__ import annotations

import asyncio
import json
import signal
import tempfile
import time
from pathlib import Path

from rich.console import Console

from clearinghouse_client.errors import ClientError
from clearinghouse_local.checks import notes
from clearinghouse_local.demo import running
from clearinghouse_local.engines import EngineError
from clearinghouse_local.settings import Ports, StackSettings
from clearinghouse_local.telling import hindered, noted, say, step
from clearinghouse_tools.bench.report import Report, show
from clearinghouse_tools.bench.run import Plan, measure


def bench(settings: StackSettings, file: Path | None, console: Console) -> int:
    """Measure with the ``engines`` of the settings; the report goes to ``file``. The exit code."""
    for line in notes():
        noted(console, line)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        report = _measured(settings, console)
    except EngineError as error:
        hindered(console, str(error))
        return 1
    except (ClientError, TimeoutError) as error:
        say(console, f"The benchmark broke off: {error or 'what was waited for did not come in time'}")
        return 1
    except KeyboardInterrupt:
        return 130
    show(report, console)
    document = json.dumps(report.document(), ensure_ascii=False, indent=2)
    if file is None:
        say(console, f"\n{document}")
    else:
        file.write_text(document + "\n", encoding="utf-8")
        say(console, f"\nThe report is in {file}")
    return 0


def _measured(settings: StackSettings, console: Console) -> Report:
    began = time.monotonic()

    def tell(line: str) -> None:
        step(console, time.monotonic() - began, line)

    with tempfile.TemporaryDirectory(prefix="clearinghouse-bench-") as folder:
        own = StackSettings(
            data_dir=Path(folder), engines=settings.engines, ports=Ports.free(), samples=False
        )
        tell("starting a stack on free ports and temporary data")
        with running(own, console) as stack:
            return asyncio.run(measure(stack, Plan(), tell))
