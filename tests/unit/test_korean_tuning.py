"""The sentences on which the break costs were tuned stay as they were judged; others judge the result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from reels.cues import CueRules, cue_texts

TUNED = Path(__file__).parent / "goldens" / "korean_tuning.yaml"
_BREAK = re.compile(r" // | / | \\| ")


def tuned() -> list[str]:
    read: Mapping[str, list[str]] = yaml.safe_load(TUNED.read_text(encoding="utf-8"))
    return [sentence for kind in read.values() for sentence in kind]


@pytest.mark.parametrize("wanted", tuned())
def test_a_sentence_is_broken_as_it_was_judged(wanted: str) -> None:
    text = wanted.replace(" | ", "").replace(" // ", " ").replace(" / ", " ")
    shown = " // ".join(" / ".join(lines) for lines in cue_texts(text, CueRules()))
    assert shown == wanted.replace(" | ", " / ")


def test_the_tuning_covers_every_kind_of_reel() -> None:
    assert len(tuned()) >= 60
    assert all(_BREAK.search(sentence) or len(sentence) < 20 for sentence in tuned())
