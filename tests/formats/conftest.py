"""The catalogue, and the sample records as a stock of valid documents."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from clearinghouse_demo.samples import records
from clearinghouse_formats import Catalogue, load

Document = dict[str, Any]
Example = Callable[..., Document]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture(scope="session")
def stock() -> dict[str, Document]:
    return {sample.document["header"]["identifier"]: sample.document for sample in records(2016)}


@pytest.fixture
def example(stock: dict[str, Document]) -> Example:
    """A valid document with changes; a change to None takes the field away."""

    def changed(uid: str, **changes: Any) -> Document:
        document = {**copy.deepcopy(stock[uid]), **changes}
        return {name: value for name, value in document.items() if value is not None}

    return changed
