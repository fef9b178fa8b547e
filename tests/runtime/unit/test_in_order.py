from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from clearinghouse_runtime.leadership import in_order


def waiting(entry_id: str, record: str, seq: int) -> dict[str, Any]:
    return {"_id": entry_id, "stream": "records", "record": record, "seq": seq}


def test_an_entry_waits_for_its_predecessor_though_it_is_more_urgent() -> None:
    later, earlier = waiting("later", "a", 2), waiting("earlier", "a", 1)

    assert in_order([later, earlier], []) == ["earlier", "later"]


def test_a_predecessor_that_was_not_among_the_first_is_taken_along() -> None:
    assert in_order([waiting("a3", "a", 3)], [waiting("a2", "a", 2), waiting("a1", "a", 1)]) == [
        "a1",
        "a2",
        "a3",
    ]


def test_streams_of_one_record_do_not_wait_for_one_another() -> None:
    request = {**waiting("request", "a", 1), "stream": "requests"}

    assert in_order([waiting("a2", "a", 2), request], [waiting("a1", "a", 1)]) == ["a1", "a2", "request"]


@given(st.permutations([(record, seq) for record in "abc" for seq in range(1, 5)]), st.integers(1, 12))
def test_whatever_comes_first_each_record_keeps_its_order_and_nothing_that_waited_is_left_out(
    shuffled: list[tuple[str, int]], taken: int
) -> None:
    entries = [waiting(f"{record}{seq}", record, seq) for record, seq in shuffled]

    ordered = in_order(entries[:taken], entries[taken:])

    assert {entry["_id"] for entry in entries[:taken]} <= set(ordered)
    for record in "abc":
        mine = [entry_id for entry_id in ordered if entry_id.startswith(record)]
        assert mine == [f"{record}{seq}" for seq in range(1, len(mine) + 1)]
