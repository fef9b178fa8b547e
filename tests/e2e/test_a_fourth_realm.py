"""A further clearing-house is a folder in each package that has something of its own; nothing else is touched."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from clearinghouse_client.connection import Connection
from clearinghouse_demo.demo_run import sign_in, uid_of
from clearinghouse_demo.persons import PERSONS
from clearinghouse_demo.sink import Sink, SinkLetter
from clearinghouse_local.engines import Child
from clearinghouse_local.services import python, service_environment
from clearinghouse_local.settings import StackSettings, free_ports
from clearinghouse_local.stack import Stack
from tests.e2e.support import on_topic
from tests.registry.support.records import document, focal_point, ref, text
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(180)

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "formats": "shared/formats/src/clearinghouse_formats",
    "registry": "services/registry/src/registry",
    "notifier": "services/notifier/src/notifier",
}
"""Where a realm has something of its own, and the module of this test that goes there."""
ROLES = {"secretariat": "secretariat", "mx-pa": "publishing-authority"}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The sources of the three packages, each with the folder of the new realm."""
    copies = []
    for part, package in PACKAGES.items():
        copy = tmp_path_factory.mktemp(part) / Path(package).name
        shutil.copytree(ROOT / package, copy, ignore=shutil.ignore_patterns("__pycache__"))
        (copy / "bbnj").mkdir()
        shutil.copyfile(Path(__file__).parent / "realm" / f"{part}.py", copy / "bbnj/__init__.py")
        copies.append(copy)
    shutil.copytree(ROOT / "tests/notifier/support/words", copies[-1] / "bbnj/words")
    return [copy.parent for copy in copies]


@pytest.fixture(scope="module")
def four_realms(sources: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack over those sources, with an authority and a focal point of the new realm."""
    others = sorted(path for path in ROOT.glob("*/**/src") if "site-packages" not in path.parts)
    path = os.pathsep.join(map(str, [*sources, *others]))  # all of this tree, whichever one is installed
    settings = StackSettings(
        data_dir=tmp_path_factory.mktemp("stack"),
        ports=free_ports(),
        samples=False,
        extra={"PYTHONPATH": path},
    )
    running = Stack(settings)
    running.start()
    try:
        bring_over(running, lines())
        yield running
    finally:
        running.stop()


def lines() -> Iterator[dict[str, Any]]:
    """What the registry brings over: two persons with a role, and one focal point."""
    for person in PERSONS:
        if person.sub in ROLES:
            yield {
                "kind": "person",
                "sub": person.sub,
                "name": person.name,
                "email": person.email,
                "language": person.language,
            }
            yield {
                "kind": "designation",
                "realm": "bbnj",
                "person": person.sub,
                "role": ROLES[person.sub],
                "country": person.country,
                "reason": "designated for the test",
                "start": "2024-01-15",
            }
    nfp = focal_point("mx", categories=["CBD-FP1"], emails=["high-seas@mx.example"])
    yield {"kind": "record", "realm": "bbnj", "by": "secretariat", "document": nfp}


def bring_over(stack: Stack, brought: Iterator[dict[str, Any]]) -> None:
    """Run ``registry load`` to its end."""
    folder = stack.settings.data_dir
    file = folder / "lines.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in brought))
    env = service_environment(stack.settings, "load", "registry", mongo_uri=stack.mongo.uri)
    child = Child("load", python(["registry", "load", str(file)]), log=folder / "load.log", env=env)
    child.spawn()
    assert child.wait(60) == 0, child.output()


async def test_it_publishes_on_its_topic_mails_whom_its_law_names_and_shows_its_records(
    four_realms: Stack, http: httpx.AsyncClient
) -> None:
    addresses = four_realms.addresses
    about = (await http.get(f"{addresses.registry}/v1/about")).json()
    assert set(about["realms"]) > {"bbnj", "chm"}

    authority = (await sign_in(addresses, http, "mx-pa")).registry
    notice = document(
        "cruiseNotification", "cruise-of-2027", government=ref("mx"), title=text("Cruise of 2027")
    )
    draft = await authority.create_draft("bbnj", notice)
    made = await authority.publish("bbnj", uid_of(notice), draft.etag)
    assert made.identifier.startswith("BBNJ-DEV-CRN-MX-")

    event = await on_topic(four_realms, "bbnj", made.identifier.rpartition("-")[0])
    assert (event.type, event.realm) == ("int.cbd.record.published.v1", "bbnj")

    shown = (await http.get(f"{addresses.registry}/v1/records", params={"realm": "bbnj"})).json()
    assert {"Cruise of 2027", "Focal Point mx"} == {item["title"]["en"] for item in shown["items"]}

    sink = Sink(Connection(addresses.sink, http))

    async def mailed() -> list[SinkLetter]:
        return await sink.letters()

    (letter,) = await until(mailed)
    assert letter.addresses == {"high-seas@mx.example"}
    assert "Cruise of 2027" in letter.subject
    assert letter.header("From").startswith("bbnj@")

    async def proven() -> list[str]:
        told = await authority.transmissions(made.identifier)
        return [one.status for one in told if one.status == "delivered"]

    assert await until(proven) == ["delivered"]
