"""Errors: each has its sentence in two languages and its exit code, and no fact can forge a message."""

from __future__ import annotations

import ast
import errno
import os
import pickle
import re
import shlex
import string
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels import errors, said
from reels.errors import (
    CampaignProblem,
    CampaignProblems,
    CheckFailed,
    DiskFailed,
    FootageMissing,
    FootageRefused,
    GlyphMissing,
    ModelMissing,
    OutputNotWritable,
    ReelsError,
    SeveralErrors,
    ToolMissing,
    UsageError,
    cannot_write,
    one_of,
    printable,
)
from reels.said import Said, any_of, in_language, perhaps, said_by_system, typed, with_reason

REPOSITORY = Path(__file__).parents[2]
HANGUL = re.compile("[가-힣]")
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b")


def all_errors() -> list[type[ReelsError]]:
    def below(cls: type[ReelsError]) -> Iterator[type[ReelsError]]:
        yield cls
        for child in cls.__subclasses__():
            yield from below(child)

    return [cls for cls in dict.fromkeys(below(ReelsError)) if cls.__module__.startswith("reels.errors.")]


SPOKEN = [cls for cls in all_errors() if cls.en]


def example(cls: type[ReelsError], **given: object) -> ReelsError:
    """`cls` with a name, a number or a fact for each field that has no default."""
    held: dict[str, Any] = dict(given)
    for field in fields(cls):
        if field.name in held or field.default is not MISSING:
            continue
        held[field.name] = 3 if field.type == "int" else Said(f"a {field.name}", ko="사실")
    return cls(**held)


# --- the tree --------------------------------------------------------------------------------------------


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = errors.__doc__ or ""
    for cls in all_errors():
        assert re.search(rf"\b{cls.__name__}\b", drawn), f"{cls.__name__} is not drawn"
    for name, code in re.findall(r"(\w+) \((\d+)\)", drawn):
        assert getattr(errors, name).exit_code == int(code)


def test_every_public_name_is_listed() -> None:
    for module in (errors, said):
        defined = {
            name
            for name, value in vars(module).items()
            if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
        }
        assert defined <= set(module.__all__)
        assert len(set(module.__all__)) == len(module.__all__)


@pytest.mark.parametrize("cls", SPOKEN, ids=lambda cls: cls.__name__)
def test_every_error_speaks_two_languages(cls: type[ReelsError]) -> None:
    error = example(cls)
    en, ko = error.sentence("en"), error.sentence("ko")
    assert str(error) == en
    assert en != ko
    assert HANGUL.search(ko)
    assert not HANGUL.search(en)
    assert not ENGLISH.search(re.sub(r"`[^`]*`|--\w+ \S+", "", ko)), ko
    assert len(en.splitlines()) == len(ko.splitlines()) == 1
    assert not re.search(r"[{}]", en + ko)
    assert error.exit_code in (2, 3, 4, 5, 6, 7, 130)
    assert error.status() == error.exit_code


@pytest.mark.parametrize("cls", SPOKEN, ids=lambda cls: cls.__name__)
def test_a_sentence_says_what_to_do(cls: type[ReelsError]) -> None:
    """The part after the semicolon; the Korean ends as a sentence does."""
    error = example(cls)
    assert "; " in error.sentence("en")
    assert cls.ko.endswith((".", "{remedy}"))


@pytest.mark.parametrize("cls", SPOKEN, ids=lambda cls: cls.__name__)
def test_both_languages_tell_the_same_facts(cls: type[ReelsError]) -> None:
    """A fact that one language leaves out has to be one that its sentence says in words of its own."""

    def facts(sentence: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    assert facts(cls.en) - facts(cls.ko) <= {"expected"}
    assert facts(cls.ko) <= {field.name for field in fields(cls)}


@pytest.mark.parametrize("cls", SPOKEN, ids=lambda cls: cls.__name__)
def test_an_error_travels_between_processes_with_all_it_knows(cls: type[ReelsError]) -> None:
    error = example(cls)
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is cls
    assert back.sentence("en") == error.sentence("en")
    assert back.sentence("ko") == error.sentence("ko")
    assert vars(back) == vars(error)


# --- facts -----------------------------------------------------------------------------------------------


@given(st.text(), st.text())
def test_no_fact_breaks_a_line_or_reaches_a_terminal(path: str, found: str) -> None:
    for language in ("en", "ko"):
        sentence = FootageRefused(path=path, found=Said(found, ko=found)).sentence(language)
        assert sentence.isprintable()
        problem = CampaignProblem(where=path, found=found, expected=found, remedy=found)
        assert problem.sentence(language).isprintable()


@pytest.mark.parametrize("text", ["{found}", "{0}", "{path!r}", "%s", "{", "}", "{found.__class__}"])
def test_a_fact_is_never_a_template(text: str) -> None:
    assert FootageMissing(path=text).sentence() == f"{text}: no such file; check the name and the folder"
    assert text in UsageError(where=text, found=text, expected=text, remedy=text).sentence("ko")


def test_what_cannot_be_printed_is_written_as_an_escape() -> None:
    assert printable("a\nb\x1b[2J\u202e\udce9") == "a\\nb\\x1b[2J\\u202e\\udce9"
    assert printable("한글 🎉") == "한글 🎉"


@given(st.text(), st.text())
def test_a_said_fact_is_its_english_and_keeps_its_korean(en: str, ko: str) -> None:
    fact = Said(en, ko=ko)
    assert fact == en
    assert hash(fact) == hash(en)
    assert f"{fact}" == en
    assert in_language(fact, "en") == en
    assert in_language(fact, "ko") == ko
    back = pickle.loads(pickle.dumps(fact))
    assert (back, back.ko) == (en, ko)


def test_a_name_is_the_same_in_both_languages() -> None:
    assert in_language("IMG_0412.MOV", "ko") == in_language("IMG_0412.MOV", "en") == "IMG_0412.MOV"


def test_common_expectations_and_remedies_have_one_wording() -> None:
    assert (any_of(["a", "b"]), any_of(["a", "b"]).ko) == ("one of a, b", "a, b 가운데 하나")
    assert (perhaps("x"), perhaps("x").ko) == ("perhaps you meant x", "혹시 x인가요?")


@pytest.mark.parametrize(
    "number",
    [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EIO],
    ids=errno.errorcode.get,
)
def test_the_systems_common_reasons_are_korean_too(number: int) -> None:
    reason = said_by_system(OSError(number, os.strerror(number)))
    assert reason == os.strerror(number)
    assert HANGUL.search(in_language(reason, "ko"))
    told = with_reason("it broke ({})", "고장({})", OSError(number, os.strerror(number)))
    assert told == f"it broke ({os.strerror(number)})"
    assert told.ko == f"고장({in_language(reason, 'ko')})"


def test_a_reason_that_nobody_knows_is_passed_on() -> None:
    assert said_by_system(OSError("strange")) == "a refusal"
    assert said_by_system("Something new") == "Something new"
    assert with_reason("broken: {}", "고장: {}", ValueError("bad {0}")) == "broken: bad {0}"


def test_a_full_disk_is_told_apart_from_a_place_that_is_not_ours() -> None:
    full = cannot_write("/x", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert isinstance(full, DiskFailed)
    assert full.exit_code == 6
    locked = cannot_write("/x", PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    assert isinstance(locked, OutputNotWritable)
    assert locked.exit_code == 2


# --- several at once -------------------------------------------------------------------------------------


def test_one_error_is_raised_as_itself_and_several_as_all_of_them() -> None:
    missing, other = FootageMissing(path="a"), FootageMissing(path="b")
    same = FootageMissing(path="a")
    assert one_of([missing, same]) is missing
    both = one_of([missing, other, same])
    assert isinstance(both, SeveralErrors)
    assert both.sentence().splitlines() == [missing.sentence(), other.sentence()]
    assert both.sentence("ko").splitlines() == [missing.sentence("ko"), other.sentence("ko")]
    assert both.status() == 4
    mixed = one_of([missing, ToolMissing(tool="t", found="f", remedy="r")])
    assert mixed.status() == CheckFailed.exit_code
    assert pickle.loads(pickle.dumps(mixed)).sentence("ko") == mixed.sentence("ko")


def test_every_problem_of_a_campaign_is_a_line_of_its_own() -> None:
    problems = (
        CampaignProblem(where="campaign.yaml:3 titel", found="x", expected="y", remedy=perhaps("title")),
        CampaignProblem(where="campaign.yaml:9", found=Said("nothing", ko="빈 값"), expected="z"),
    )
    error = CampaignProblems(problems=problems)
    assert error.sentence().splitlines() == [
        "campaign.yaml:3 titel: found x, expected y; perhaps you meant title",
        "campaign.yaml:9: found nothing, expected z",
    ]
    assert error.sentence("ko").splitlines() == [
        "campaign.yaml:3 titel: x — 필요한 값: y. 혹시 title인가요?",
        "campaign.yaml:9: 빈 값 — 필요한 값: z.",
    ]
    assert pickle.loads(pickle.dumps(error)).sentence("ko") == error.sentence("ko")


def test_a_missing_model_says_how_to_get_it_unless_it_cannot_be_had() -> None:
    usual = ModelMissing(model="small", found="gone")
    assert "reels models fetch small" in usual.sentence()
    assert "reels models fetch small" in usual.sentence("ko")
    own = ModelMissing(model="smal", found="unknown", remedy=perhaps("small"))
    assert own.sentence() == "model smal: unknown; perhaps you meant small"


def test_a_glyph_is_named_by_its_code_too() -> None:
    error = GlyphMissing(where="title", character="\u202e", codepoint="U+202E", font="F")
    assert "\\u202e (U+202E)" in error.sentence()


# --- every fact, wherever it is told ---------------------------------------------------------------------

TELLERS = {cls.__name__ for cls in all_errors()} | {"CampaignProblem", "_problem", "_unreadable", "_too_deep"}
FACTS = {"found", "expected", "remedy", "last_lines"}


def english_only(node: ast.expr) -> Iterator[str]:
    """The text of `node` where it is English words outside a `Said`."""
    if isinstance(node, ast.IfExp):
        yield from english_only(node.body)
        yield from english_only(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from english_only(value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if ENGLISH.search(node.value):
            yield node.value
    elif isinstance(node, ast.JoinedStr):
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in node.values)
        if ENGLISH.search(text) or re.search(r"0 [a-z]{2,}|[a-z]{2,} 0", text):
            yield text


def _named(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What each name stands for, wherever it is set."""
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    named.setdefault(target.id, []).append(node.value)
    return named


def told_in_english_only(source: str) -> list[str]:
    tree = ast.parse(source)
    found = []
    named = _named(tree)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name not in TELLERS:
            continue
        told = [keyword.value for keyword in call.keywords if keyword.arg in FACTS]
        told += [value for fact in told if isinstance(fact, ast.Name) for value in named.get(fact.id, ())]
        if name.startswith("_"):
            told += call.args
        found += [f"line {call.lineno}: {text!r}" for value in told for text in english_only(value)]
    return found


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("spring", "spring"),
        ("./봄 축제/IMG_0412.MOV", '"./봄 축제/IMG_0412.MOV"'),
        ("시청앞.ko.srt@1", "시청앞.ko.srt@1"),
        ("IMG (1).MOV", '"IMG (1).MOV"'),
        ('"$HOME" `id` \\.mp4', "'\"$HOME\" `id` \\.mp4'"),
        ('it\'s "$x"', "'it'\"'\"'s \"$x\"'"),
    ],
)
def test_a_name_in_a_command_that_people_copy_stays_one_word(word: str, shown: str) -> None:
    assert typed(word) == shown
    assert shlex.split(f"reels lint {shown}") == ["reels", "lint", word]


def test_every_fact_is_told_in_both_languages() -> None:
    """Read from the sources: whoever words a fact for people words it twice, as `Said`."""
    missing = {
        str(path.relative_to(REPOSITORY)): told
        for path in sorted((REPOSITORY / "reels").rglob("*.py"))
        if (told := told_in_english_only(path.read_text(encoding="utf-8")))
    }
    assert missing == {}


def test_the_reading_of_sources_finds_what_it_looks_for() -> None:
    source = """
raise UsageError(where="--x", found=f"{count} roles", expected=Said("two words", ko="두 낱말"), remedy=hint)
raise errors.FootageRefused(path=p, found="a folder of files" if deep else name)
raise FootageMissing(path="no facts here")
why = f"{count} of the frames"
raise ChildFailed(tool="ffmpeg", doing="x", exit_status=1, last_lines=why)
raise ChildFailed(tool="ffmpeg", doing="x", exit_status=1, last_lines="; ".join(lines) or "it said nothing")
"""
    assert told_in_english_only(source) == [
        "line 2: '0 roles'",
        "line 3: 'a folder of files'",
        "line 6: '0 of the frames'",
        "line 7: 'it said nothing'",
    ]
