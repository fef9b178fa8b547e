"""Logs: one JSON object a line on standard error, so that machines and people can both read them.

Only named fields are logged, never bodies and never a caller's values.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

_FIELDS = "clearinghouse_fields"


class JsonLines(logging.Formatter):
    """Formats a record as one line: time, level, service, event, fields, and the type of an exception.

    An exception's message is left out: a library may quote what it refused.
    """

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object, without line breaks."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "logger": record.name,
            "event": record.getMessage(),
        }
        line.update(getattr(record, _FIELDS, {}))
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            frames = []
            while trace is not None:
                code = trace.tb_frame.f_code
                frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
                trace = trace.tb_next
            line["trace"] = frames[-8:]
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(service: str, level: str) -> None:
    """Make the root logger write JSON lines; called once by a process's entry."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("aiokafka", "faust", "mode", "kafka", "httpx", "httpcore", "pymongo", "aiosmtplib"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def log(logger: logging.Logger, level: int, event: str, **fields: object) -> None:
    """Log ``event`` with named fields. The fields must not hold a caller's text."""
    logger.log(level, event, extra={_FIELDS: fields})
