from __future__ import annotations

from pathlib import Path

from clearinghouse_runtime.consumer_identity import held_identity


def test_an_identity_is_the_same_when_it_is_held_again(tmp_path: Path) -> None:
    with held_identity(tmp_path / "new" / "member") as first:
        assert first
    with held_identity(tmp_path / "new" / "member") as again:
        assert again == first


def test_an_identity_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    with held_identity(tmp_path / "member") as held, held_identity(tmp_path / "member") as other:
        assert held is not None
        assert other is None


def test_each_file_keeps_an_identity_of_its_own(tmp_path: Path) -> None:
    with held_identity(tmp_path / "one") as one, held_identity(tmp_path / "other") as other:
        assert one != other
