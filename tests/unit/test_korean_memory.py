"""Break costs are worked out once: what the cache holds, and that nothing but time depends on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reels.cues import CueRules, break_lines
from reels.korean import analysis, breaks, memory

TEXT = "누구나 무료로 참여하실 수 있는 축제입니다"
BROKEN = ("누구나 무료로", "참여하실 수 있는 축제입니다")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache, and a process that remembers nothing."""
    monkeypatch.setenv("REELS_CACHE", str(tmp_path / "cache"))
    forget()
    yield tmp_path / "cache"
    forget()


def forget() -> None:
    breaks._break_costs.cache_clear()
    breaks._break_costs_inside.cache_clear()
    memory._source.cache_clear()


def files(cache: Path) -> list[Path]:
    return sorted(path for path in cache.rglob("*") if path.is_file())


def without_analyser(monkeypatch: pytest.MonkeyPatch) -> None:
    def loaded() -> None:
        raise AssertionError("the analyser was loaded")

    monkeypatch.setattr(analysis, "_kiwi", loaded)


def test_a_text_broken_before_needs_no_analyser(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert break_lines(TEXT, CueRules()) == BROKEN
    assert len(files(cache)) == 1
    forget()
    without_analyser(monkeypatch)
    assert break_lines(TEXT, CueRules()) == BROKEN


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("이번 주말 축제", CueRules()),
        ("누구나 무료로\n참여하실 수 있는 축제입니다", CueRules()),
        (
            "The festival opens on the third of October, and everybody is welcome.",
            CueRules.for_language("en"),
        ),
        ("The festival opens on the third of October", CueRules()),
        (
            "축제는 누구나 무료로 참여하실 수 있습니다 많은 관심 부탁드립니다",
            CueRules.for_language("fr", max_units=20),
        ),
        ("今週末、韓光市でビビンバ祭りが開催されます。", CueRules.for_language("ja")),
    ],
)
def test_what_fits_and_what_is_not_korean_needs_no_analyser(
    text: str, rules: CueRules, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_analyser(monkeypatch)
    assert break_lines(text, rules)
    assert files(cache) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"[1,2,3,4,-5]",
        b"[1,2,3,4,true]",
        b"[1,2,3,4,5000]",
        b"[1,2,3,4,5.5]",
        b"\xff\xfe",
        b"[" * 99999,
    ],
)
def test_a_damaged_file_is_worked_out_again(content: bytes, cache: Path) -> None:
    break_lines(TEXT, CueRules())
    (file,) = files(cache)
    whole = file.read_bytes()
    file.write_bytes(content)
    forget()
    assert break_lines(TEXT, CueRules()) == BROKEN
    assert files(cache) == [file]
    assert file.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_only_time(cache: Path) -> None:
    cache.write_text("a file where the folder should be", encoding="utf-8")
    assert break_lines(TEXT, CueRules()) == BROKEN
    assert files(cache) == []


def test_another_analyser_or_other_rules_are_asked_anew(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_lines(TEXT, CueRules())
    forget()
    monkeypatch.setattr(memory, "analyser_version", lambda: "kiwipiepy 99")
    break_lines(TEXT, CueRules())
    assert len(files(cache)) == 2


def test_the_rules_that_count_are_all_the_modules_that_decide_a_cost() -> None:
    folder = Path(breaks.__file__).parent
    deciding = {"analysis.py", "breaks.py", "eojeol.py", "vocabulary.py", "words.py"}
    assert set(memory._RULES) == deciding
    assert {name for name in deciding if (folder / name).is_file()} == deciding


def test_two_texts_with_the_same_letters_are_two_questions(cache: Path) -> None:
    breaks.break_costs(["가나", "다"])
    breaks.break_costs(["가", "나다"])
    breaks.break_costs_inside("가나다")
    assert len(files(cache)) == 3


# --- morphemes -------------------------------------------------------------------------------------------

WORDS = ("어,", "그", "한빛시청에서", "음...", "뭐", "먹을까요?")


def test_words_analysed_before_need_no_analyser(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = memory.analysed_once(WORDS)
    assert found == analysis.analysed(WORDS)
    assert len(files(cache)) == 1
    forget()
    without_analyser(monkeypatch)
    assert memory.analysed_once(WORDS) == found
    assert memory.analysed_once(()) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"[1,2,3,4,5,6]",
        b"[[],[],[],[],[],[[]]]",
        b'[[],[],[],[],[],[["a","IC",0,99]]]',
        b'[[],[],[],[],[],[["a","IC",2,1]]]',
        b'[[],[],[],[],[],[["a",1,0,1]]]',
        b'[[],[],[],[],[],[["a","IC",0,true]]]',
        b'{"0":[]}',
    ],
)
def test_damaged_morphemes_are_worked_out_again(content: bytes, cache: Path) -> None:
    found = memory.analysed_once(WORDS)
    (file,) = files(cache)
    file.write_bytes(content)
    assert memory.analysed_once(WORDS) == found
    assert len(file.read_bytes()) > 100


def test_the_words_of_a_transcript_are_not_written_down(cache: Path) -> None:
    found = memory.analysed_once(["한빛시청에서", "김하늘", "주무관이", "안내해", "드립니다."])
    (file,) = files(cache)
    kept = json.loads(file.read_text(encoding="ascii"))
    nouns = {m.form for of_word in found for m in of_word if m.tag.startswith("NN")}
    assert "주무관" in nouns
    assert not nouns & {str(m[0]) for of_word in kept for m in of_word}


def test_another_analyser_is_asked_for_morphemes_anew(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.analysed_once(WORDS)
    forget()
    monkeypatch.setattr(memory, "analyser_version", lambda: "kiwipiepy 99")
    memory.analysed_once(WORDS)
    memory.analysed_once(WORDS[:-1])
    assert len(files(cache)) == 3
