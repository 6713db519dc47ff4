"""The rules about what a cue says and how its lines stand: width, breaks, punctuation, glyphs, terms."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction

from reels.cues import cue_texts
from reels.cues.languages import base_language, width_halves
from reels.glossary import glossary_findings
from reels.korean import break_costs, split_eojeol
from reels.korean.punctuation import as_shown
from reels.lint.finding import Finding
from reels.lint.rules import Severity
from reels.lint.subject import Subject
from reels.recognise.guard import is_known_phrase
from reels.said import Said
from reels.subtitles import WrittenCue
from reels.subtitles.markup import NEAR_TAG

__all__ = ["findings_about_breaks", "findings_about_texts"]

_STRANDED = 90
"""Costs of a break from here on part two words that are one thing: a number and its unit, a verb and its auxiliary."""
_DOTS = re.compile(r"\.\s?\.\s?\.|‥|⋯|\.\.")
_LINE_END = re.compile(r"[.,，。、､｡][\"'”’)\]}〉》」』】]*$")
_THANKS = re.compile(
    r"((정말|대단히|너무|네)*(고맙습니다|감사합니다|감사해요|고마워요)|(thankyou|thanks)(so|very|much|all|everyone)*)+"
)
"""What people do say at the end of a speech; letters only, in lower case."""
_FEW_LETTERS = 20
_SCRIPTS: dict[str, re.Pattern[str]] = {
    "ko": re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]"),
    "ja": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
}
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LATIN_LANGUAGES = frozenset(
    {"en", "vi", "id", "fr", "de", "es", "it", "pt", "nl", "pl", "tr", "ms", "tl", "uz"}
)


def findings_about_texts(subject: Subject) -> Iterator[Finding]:
    shown = subject.read
    numbers = {cue.number for cue in shown}
    for cue in subject.unmarked:
        yield from _glyphs(subject, cue, "error" if cue.number in numbers else "warning")
        yield from _markup(subject, cue)
    for cue in shown:
        yield from _width(subject, cue)
        yield from _terms(subject, cue)
        if _may_be_invented(subject, cue):
            yield subject.finding(
                "cue.known-phrase",
                "warning",
                cue,
                " ".join(cue.lines),
                Said(
                    "something that somebody said; listen, and delete the cue if nobody did",
                    ko="실제로 들리는 말. 들어 보고, 아무도 말하지 않았으면 자막을 지우세요",
                ),
            )
    yield from _punctuation(subject, shown)
    yield from _marks(subject)
    yield from _language(subject)
    yield from _form(subject)


def _may_be_invented(subject: Subject, cue: WrittenCue) -> bool:
    """Whether a draft as the recogniser wrote it says there what models say of themselves.

    What little spoke for was dropped when it was heard, see `reels.recognise.guard`; so a voice under the cue is
    enough, and where nobody looked for one a plain thank-you is taken for what somebody said.
    """
    text = "\n".join(cue.lines)
    if subject.is_edited or subject.is_second or not is_known_phrase(text):
        return False
    speech = subject.transcript.speech if subject.transcript is not None else ()
    if speech:
        return not any(place.start < cue.end and cue.start < place.end for place in speech)
    return _THANKS.fullmatch("".join(sign for sign in text.lower() if sign.isalnum())) is None


def _marks(subject: Subject) -> list[Finding]:
    if subject.cuts_text:
        return []
    return subject.note(
        "cue.marked",
        list(subject.marked),
        Said("marked to be cut, but `cut.text` is off", ko="잘라 낼 표시가 있지만 `cut.text`가 꺼짐"),
        Said(
            "`cut.text` for one of its reels; the cue is not shown, its sound stays",
            ko="이 파일을 쓰는 릴스의 `cut.text`. 자막은 보이지 않고 소리는 남습니다",
        ),
    )


# --- width -----------------------------------------------------------------------------------------------


def _width(subject: Subject, cue: WrittenCue) -> Iterator[Finding]:
    rules, lines = subject.rules, subject.lines_of(cue)
    if len(lines) <= rules.max_lines and all(rules.fits(line) for line in lines):
        return
    words = [word for line in lines for word in line.split()]
    wide = next((word for word in words if not rules.fits(word)), None)
    if wide is not None:
        yield subject.finding(
            "cue.word-width",
            "warning",
            cue,
            _measured(subject, wide),
            _room(subject, "; it is broken inside", ". 어절 안에서 나뉩니다"),
        )
    needed = _fewest_lines(subject, words)
    if needed > rules.max_lines:
        cues = math.ceil(needed / rules.max_lines)
        yield subject.finding(
            "cue.lines",
            "warning",
            cue,
            Said(f"text for {needed} lines", ko=f"{needed}줄이 필요한 글"),
            Said(
                f"at most {rules.max_lines}; it will be shown as {cues} cues",
                ko=f"{rules.max_lines}줄 이하. 자막 {cues}개로 나뉘어 보입니다",
            ),
        )
        return
    over = next((line for line in lines if not rules.fits(line)), None)
    if over is not None and wide is None and (cues := _cues_of_broken(subject, lines)) > 1:
        yield subject.finding(
            "cue.line-width",
            "warning",
            cue,
            _measured(subject, over),
            _room(subject, f"; it is shown as {cues} cues", f". 자막 {cues}개로 나뉘어 보입니다"),
        )


def _cues_of_broken(subject: Subject, lines: tuple[str, ...]) -> int:
    """How many cues a person's lines become that have to be broken anew; 1 where no person broke any.

    It may ask the analyser, as the render had to for the same cue.
    """
    if len(lines) == 1 or not subject.is_edited:
        return 1
    return len(cue_texts("\n".join(lines), subject.rules, punctuation=subject.punctuation))


def _notes_about_width(subject: Subject, shown: tuple[WrittenCue, ...]) -> list[Finding]:
    over = [
        cue
        for cue, lines in ((cue, subject.lines_of(cue)) for cue in shown)
        if any(not subject.rules.fits(line) for line in lines)
        and all(subject.rules.fits(word) for line in lines for word in line.split())
        and _fewest_lines(subject, [word for line in lines for word in line.split()])
        <= subject.rules.max_lines
        and _cues_of_broken(subject, lines) == 1
    ]
    return subject.note(
        "cue.line-width",
        over,
        Said("a line wider than the picture has room for", ko="화면에 들어가는 너비보다 긴 줄"),
        _room(subject, "; it is broken when shown", ". 보일 때 나뉩니다"),
    )


def _measured(subject: Subject, line: str) -> Said:
    units, pixels = _units(subject, line), Said("", ko="")
    if subject.rules.font is not None:
        wide = math.ceil(subject.rules.font.text_width_px(line, subject.rules.font_size_px))
        pixels = Said(f", {wide} px", ko=f", {wide}픽셀")
    text = line if len(line) <= 30 else line[:29] + "…"
    return Said(f"{units} units{pixels}: {text}", ko=f"{units}자{pixels.ko}: {text}")


def _room(subject: Subject, then: str, then_ko: str) -> Said:
    rules = subject.rules
    room = math.floor(rules.max_width_px)
    pixels = Said(f", {room} px", ko=f", {room}픽셀") if rules.font is not None else Said("", ko="")
    return Said(
        f"at most {rules.max_units} units{pixels} a line{then}",
        ko=f"한 줄에 {rules.max_units}자{pixels.ko} 이하{then_ko}",
    )


def _units(subject: Subject, line: str) -> str:
    return f"{float(Fraction(width_halves(line, subject.language), 2)):g}"


def _fewest_lines(subject: Subject, words: list[str]) -> int:
    """How many lines the words need at least; a word wider than a line counts for as many as it fills."""
    rules, lines, line = subject.rules, 0, ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if line and not rules.fits(longer):
            lines += 1
            longer = word
        line = longer
        if not rules.fits(line):
            lines += math.ceil(Fraction(width_halves(line, subject.language), 2 * rules.max_units)) - 1
    return lines + 1 if line else lines


# --- breaks: they ask the analyser, which takes a second to load ------------------------------------------


def findings_about_breaks(subject: Subject) -> Iterator[Finding]:
    """Where a person broke a line that stays as it is. Only Korean is judged."""
    if base_language(subject.language) != "ko" or not subject.is_edited:
        return
    spoken = {word.text for word in subject.transcript.words} if subject.transcript is not None else set()
    written = {word for cue in subject.with_text for line in cue.lines for word in line.split()}
    for cue in subject.read:
        lines = subject.lines_of(cue)
        if len(lines) < 2 or not all(subject.rules.fits(line) for line in lines):
            continue
        words = [split_eojeol(line) for line in lines]
        costs = break_costs([word for line in words for word in line])
        at = 0
        for line, following in itertools.pairwise(words):
            at += len(line)
            left, right = line[-1], following[0]
            if right.startswith(("-", "–", "—", "[")):
                continue
            together = left + right
            if together in spoken or together in written:
                yield subject.finding(
                    "cue.broken-word",
                    "warning",
                    cue,
                    f"{left} / {right}",
                    Said(f"{together} on one line", ko=f"한 줄에 {together}"),
                )
            elif costs[at - 1] >= _STRANDED:
                yield subject.finding(
                    "cue.stranded",
                    "warning",
                    cue,
                    f"{left} / {right}",
                    Said(f"{left} {right} on one line", ko=f"한 줄에 {left} {right}"),
                )


# --- signs -----------------------------------------------------------------------------------------------


def _glyphs(subject: Subject, cue: WrittenCue, severity: Severity) -> Iterator[Finding]:
    """An error where a reel shows the cue; elsewhere it waits for the day that one does."""
    font = subject.rules.font
    if font is None:
        return
    for sign in font.missing("".join(cue.lines)):
        yield subject.finding(
            "cue.glyph",
            severity,
            cue,
            f"{sign} (U+{ord(sign):04X})",
            Said(
                f"signs of the font {font.full_name}; write it otherwise or choose another font",
                ko=f"글꼴 {font.full_name}에 있는 글자. 다르게 쓰거나 다른 글꼴을 고르세요",
            ),
        )


def _markup(subject: Subject, cue: WrittenCue) -> Iterator[Finding]:
    found = next((sign[0] for line in cue.lines for sign in NEAR_TAG.finditer(line)), None)
    if found is not None:
        yield subject.finding(
            "cue.markup",
            "warning",
            cue,
            found,
            Said(
                "text only; it is shown as it stands here, and other programs may hide it",
                ko="명령이 아닌 글. 여기서는 적힌 그대로 보이지만, 다른 프로그램에서는 사라질 수 있습니다",
            ),
        )


def _terms(subject: Subject, cue: WrittenCue) -> Iterator[Finding]:
    for miss in glossary_findings("\n".join(cue.lines), subject.glossary):
        yield subject.finding(
            "cue.glossary",
            "warning",
            cue,
            miss.found,
            Said(f"{miss.expected}, as in the glossary", ko=f"용어집에 있는 대로 {miss.expected}"),
        )


def _punctuation(subject: Subject, shown_cues: tuple[WrittenCue, ...]) -> Iterator[Finding]:
    yield from _notes_about_width(subject, shown_cues)
    if base_language(subject.language) != "ko":
        return
    dots, ends = [], []
    for cue in shown_cues:
        shown = as_shown(cue.lines)
        if any(_DOTS.search(line) for line in cue.lines) and "…" in "".join(shown):
            dots.append(cue)
        elif any(_LINE_END.search(a) and a != b for a, b in zip(cue.lines, shown, strict=True)):
            ends.append(cue)
    then = Said("it is left out when shown", ko="보일 때 빠집니다")
    as_one = Said("one sign, …; it is put in when shown", ko="한 글자 …. 보일 때 바뀝니다")
    if not subject.punctuation:
        then = Said(
            "no mark there; it stays as `punctuation` is off",
            ko="부호 없음. `punctuation`을 꺼 두어 그대로 보입니다",
        )
        as_one = Said(
            "one sign, …; it stays as `punctuation` is off",
            ko="한 글자 …. `punctuation`을 꺼 두어 그대로 보입니다",
        )
    yield from subject.note(
        "cue.line-end",
        ends,
        Said("a full stop or a comma at a line's end", ko="줄 끝의 마침표나 쉼표"),
        then,
    )
    yield from subject.note("cue.ellipsis", dots, Said("three dots", ko="점 세 개"), as_one)


# --- the whole file --------------------------------------------------------------------------------------


def _language(subject: Subject) -> Iterator[Finding]:
    language = base_language(subject.language)
    script = _LATIN if language in _LATIN_LANGUAGES else _SCRIPTS.get(language)
    letters = [sign for cue in subject.with_text for line in cue.lines for sign in line if sign.isalpha()]
    if script is None or len(letters) < _FEW_LETTERS:
        return
    share = Fraction(sum(script.match(sign) is not None for sign in letters), len(letters))
    if share < Fraction(1, 2):
        percent = round(share * 100)
        yield subject.of_file(
            "draft.language",
            "error" if subject.is_second else "warning",
            Said(f"{percent} % of the letters are of it", ko=f"그 언어의 글자가 {percent}%"),
            Said(f"subtitles in {subject.language}", ko=f"{subject.language} 자막"),
        )


def _form(subject: Subject) -> Iterator[Finding]:
    taken_apart = [
        cue
        for cue in subject.file.written
        if not all(unicodedata.is_normalized("NFC", line) for line in cue.raw)
    ]
    yield from subject.note(
        "draft.decomposed",
        taken_apart,
        Said("letters taken apart (NFD), as a Mac writes names", ko="맥에서처럼 자모로 나뉜 글자(NFD)"),
        Said("whole letters; they are composed when read", ko="완성형 글자. 읽을 때 합쳐집니다"),
    )
    if subject.is_edited and not subject.with_text:
        yield subject.of_file(
            "draft.empty",
            "warning",
            Said("no subtitle with text", ko="글이 있는 자막이 없음"),
            Said(
                "at least one; delete the file to have a new draft made",
                ko="하나 이상. 파일을 지우면 초안을 새로 만듭니다",
            ),
        )
