"""The main job, done over HTTP alone as an outside system would; the demo checks every claim it makes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from clearinghouse_demo import main
from clearinghouse_demo.demo_run import bundled_document
from clearinghouse_local.stack import Stack

pytestmark = pytest.mark.timeout(300)


async def run(stack: Stack, *arguments: str) -> int:
    return await asyncio.to_thread(main, list(arguments), stack.addresses)


async def test_a_permit_goes_from_draft_to_certificate_ledger_kafka_and_proven_letters(
    stack: Stack, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    assert await run(stack, "--report", str(report)) == 0
    told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    assert all(step["outcome"] == "done" and step["milliseconds"] >= 0 for step in told["steps"])
    assert len(told["steps"]) > 50
    languages = {mail["language"] for mail in told["mails"]}
    assert {"ar", "en", "es", "fr"} <= languages
    assert all(
        mail["recipient"] and mail["role"] and mail["subject"] and mail["messageId"] for mail in told["mails"]
    )
    message_ids = [mail["messageId"] for mail in told["mails"]]
    assert len(set(message_ids)) == len({(mail["messageId"], mail["subject"]) for mail in told["mails"]})


async def test_a_callers_own_permit_makes_the_same_way(stack: Stack, tmp_path: Path) -> None:
    mine = bundled_document("permit.json")
    mine["title"] = {"es": "Permiso de prueba propio", "en": "A permit of our own"}
    file, report = tmp_path / "my.json", tmp_path / "report.json"
    file.write_text(json.dumps(mine), encoding="utf-8")
    assert await run(stack, "--permit", str(file), "--report", str(report)) == 0
    told = json.loads(report.read_text(encoding="utf-8"))
    assert any("Permiso de prueba propio" in mail["subject"] for mail in told["mails"])


async def test_a_permit_with_faults_ends_the_demo_at_its_step(stack: Stack, tmp_path: Path) -> None:
    mine = bundled_document("permit.json")
    del mine["dateOfIssuance"]
    file, report = tmp_path / "my.json", tmp_path / "report.json"
    file.write_text(json.dumps(mine), encoding="utf-8")
    assert await run(stack, "--permit", str(file), "--report", str(report)) == 1
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["steps"][-1]["outcome"] == "failed"
