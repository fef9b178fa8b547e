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
from clearinghouse_local.console import print_error, print_line, print_note, print_step
from clearinghouse_local.demo import running
from clearinghouse_local.engines import EngineError
from clearinghouse_local.preflight import preflight_notes
from clearinghouse_local.settings import StackSettings, free_ports
from clearinghouse_tools.bench.report import Report, show
from clearinghouse_tools.bench.run import BenchPlan, measure


def bench(settings: StackSettings, file: Path | None, console: Console) -> int:
    """Measure with the ``engines`` of the settings; the report goes to ``file``. The exit code."""
    for line in preflight_notes():
        print_note(console, line)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        report = _measured(settings, console)
    except EngineError as error:
        print_error(console, str(error))
        return 1
    except (ClientError, TimeoutError) as error:
        print_line(
            console,
            f"The benchmark stopped: {error or 'an event or a letter did not arrive in time; see the logs'}",
        )
        return 1
    except KeyboardInterrupt:
        return 130
    show(report, console)
    document = json.dumps(report.document(), ensure_ascii=False, indent=2)
    if file is None:
        print_line(console, f"\n{document}")
    else:
        file.write_text(document + "\n", encoding="utf-8")
        print_line(console, f"\nThe report is in {file}")
    return 0


def _measured(settings: StackSettings, console: Console) -> Report:
    began = time.monotonic()

    def report(line: str) -> None:
        print_step(console, time.monotonic() - began, line)

    with tempfile.TemporaryDirectory(prefix="clearinghouse-bench-") as folder:
        own = StackSettings(
            data_dir=Path(folder), engines=settings.engines, ports=free_ports(), samples=False
        )
        report("starting a stack on free ports and temporary data")
        with running(own, console) as stack:
            return asyncio.run(measure(stack, BenchPlan(), report))
