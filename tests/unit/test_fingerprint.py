"""Fingerprints: the same for the same meaning, wherever it lies; different for any difference in meaning."""

from __future__ import annotations

import dataclasses
import hashlib
import math
import os
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.fingerprint import canonical, digest, paths_in, sha256_of_file


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    font: Path
    size_px: int
    table: dict[int, int] = dataclasses.field(default_factory=dict, compare=False)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OtherLook:
    font: Path
    size_px: int


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.fractions(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), plain, min_size=2, max_size=6), st.randoms())
def test_the_order_of_keys_says_nothing(value: dict[str, Any], chance: Any) -> None:
    keys = list(value)
    chance.shuffle(keys)
    assert digest({key: value[key] for key in keys}) == digest(value)


@given(st.lists(plain, min_size=2, max_size=4))
def test_the_order_of_a_list_does_say_something(value: list[Any]) -> None:
    turned = value[::-1]
    assert (digest(turned) == digest(value)) == (canonical(turned) == canonical(value))


@pytest.mark.parametrize(
    "values",
    [
        (1, 1.0, Fraction(1), True, "1", None, [1]),
        (0, False, None, "", [], Fraction(0)),
        (Fraction(1, 3), 1 / 3, Fraction(1 / 3)),
        (30, Fraction(30), Fraction(30000, 1001), 29.97),
        ("가", "가".encode(), "\u1100\u1161"),
        (Look(font=Path("a"), size_px=1), OtherLook(font=Path("a"), size_px=1)),
    ],
)
def test_values_that_are_not_the_same_have_fingerprints_that_are_not_the_same(
    values: tuple[Any, ...],
) -> None:
    digests = {digest(value) for value in values}
    assert len(digests) == len(values)


def test_where_a_file_lies_says_nothing_and_that_there_is_one_does() -> None:
    assert digest(Look(font=Path("/a/b.otf"), size_px=1)) == digest(Look(font=Path("/c/d.otf"), size_px=1))
    assert digest({"logo": None}) != digest({"logo": Path("a")})


def test_a_table_that_does_not_decide_equality_does_not_decide_the_fingerprint() -> None:
    assert digest(Look(font=Path("a"), size_px=1, table={1: 2})) == digest(Look(font=Path("a"), size_px=1))
    assert digest(Look(font=Path("a"), size_px=2)) != digest(Look(font=Path("a"), size_px=1))


class NotSettled:
    pass


@pytest.mark.parametrize(
    "value", [NotSettled(), object, 1j, [NotSettled()], {"a": NotSettled()}, Look, iter([])]
)
def test_a_type_without_a_settled_spelling_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="no canonical spelling"):
        canonical(value)


def test_a_set_is_spelled_in_one_order() -> None:
    assert canonical(frozenset({"나", "가", "다"})) == ["가", "나", "다"]


def test_every_path_is_found_wherever_it_stands() -> None:
    value = {
        "z": [Look(font=Path("font"), size_px=1), None, "text"],
        "a": {"deep": (Path("deep"),)},
    }
    assert paths_in(value) == (Path("deep"), Path("font"))


def test_a_date_and_a_float_have_a_spelling() -> None:
    assert canonical([date(2026, 11, 22), 0.1, math.inf]) == ["2026-11-22", "0.1", "inf"]


def test_another_run_with_another_hash_seed_says_the_same() -> None:
    """`hash()` is salted in every process; a fingerprint must not be."""
    said = "from reels.fingerprint import digest; print(digest({'가': {'b', 'a', 'c'}, 'n': [1, 'x']}))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", said],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert runs == {digest({"n": [1, "x"], "가": {"c", "a", "b"}})}


def test_a_fingerprint_written_down_stays_what_it_is() -> None:
    """Changing the spelling of anything makes every stored result of every user useless: do it knowingly."""
    value = {"rate": Fraction(30000, 1001), "lines": ("한빛시",), "crf": 20, "gain": 1.5, "logo": None}
    spelled = '{"crf":20,"gain":"1.5","lines":["한빛시"],"logo":null,"rate":"30000/1001"}'
    assert digest(value) == hashlib.sha256(spelled.encode()).hexdigest()


@pytest.mark.parametrize("size", [0, 1, 5_000_001])
def test_a_file_is_hashed_as_a_whole(tmp_path: Path, size: int) -> None:
    content = bytes(i % 251 for i in range(min(size, 1000))) * (size // 1000 + 1)
    (tmp_path / "f").write_bytes(content[:size])
    assert sha256_of_file(tmp_path / "f") == hashlib.sha256(content[:size]).hexdigest()
