"""A notice as a text file → the cards of a reel: who has no time to write a campaign writes what is to be said.

Paragraphs are parted by empty lines, and each becomes a card: its first line the words in large letters, lines that
begin with `- ` or count from `1.` its items, the rest the words below. `지역: 한빛시 전역` names the kind of a card; the
first paragraph is the headline. Which kinds there are is the template's affair: of those that would fit, the first that
it has is taken. What is a date, a quantity or an address stays as it was written: a notice that says another day is worse
than none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reels.campaign.card_keys import DEFAULT_CARD
from reels.campaign.showing import CardSpec
from reels.campaign.template import Template
from reels.errors import UsageError
from reels.said import Said, said_by_system

__all__ = ["NOTICE_ENDINGS", "is_notice", "read_notice"]

NOTICE_ENDINGS = (".txt", ".md")

_LARGEST_BYTES = 64_000
_MOST_CARDS = 30
_MOST_ITEMS = 6
"""On one card; more go onto another of its kind."""
_LONGEST_TEXT = 40
"""Signs of a first line that stands in large letters; a longer one is body."""
_LONGEST_BODY = 110
_BULLET = re.compile(r"(?:[-*]\s+|[•·▶▪■○●]\s*)(.+)")
# Not `5. 3.(토)` and not `1.5리터`.
_COUNTED = re.compile(r"(?:(\d{1,2})[.)]\s+(?!\d{1,2}\s*\.)|([①-⑳])\s*)(.+)")
_RULE = re.compile(r"[-*_=]{3,}")
_BOLD = re.compile(r"(\*\*|__)(\S(?:.*?\S)?)\1")
_LABELLED = re.compile(r"([^:：\d]{1,16})[:：](?!//)\s*(.*)")
_SENTENCE_END = re.compile(r"(?<=[.!?。…])\s+")
_HEADING = re.compile(r"\s*#+\s*(.*)")

_KINDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("지역", "어디", "어디서", "장소", "위치", "대상 지역", "where", "area", "place"), ("area", "place")),
    (("언제", "일시", "기간", "날짜", "시간", "when", "date", "time"), ("date",)),
    (
        (
            "행동요령",
            "국민행동요령",
            "이렇게 하세요",
            "할 일",
            "대피 요령",
            "what to do",
            "action",
            "actions",
        ),
        ("action",),
    ),
    (("문의", "신고", "신고·문의", "연락처", "전화", "call", "contact", "phone"), ("contact",)),
    (("프로그램", "순서", "programme", "program"), ("programme",)),
    (("참여 방법", "신청 방법", "how to take part"), ("event",)),
)
"""Words before a colon, and the kinds of cards that they name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paragraph:
    """Text between empty lines; `counted` tells that its items count from one."""

    label: str
    head: str
    body: str
    items: tuple[str, ...]
    counted: bool
    line: int

    @property
    def is_label_alone(self) -> bool:
        return bool(self.label) and not (self.head or self.body or self.items)


def is_notice(path: Path) -> bool:
    """Whether a file of this name is a text to be made into cards."""
    return path.suffix.lower() in NOTICE_ENDINGS


def read_notice(path: Path, template: Template, *, before: int) -> tuple[CardSpec, ...]:
    """The cards of the notice in `path`, for clip number `before`, in kinds that `template` has.

    Raises: UsageError for what is no text, or too much of it.
    """
    paragraphs = _paragraphs(_text_of(path))
    if not paragraphs:
        raise _refused(path, Said("an empty file", ko="빈 파일"))
    cards = [
        card
        for number, paragraph in enumerate(paragraphs)
        for card in _cards(paragraph, template, path.name, before=before, opens=number == 0)
    ]
    if not cards:
        raise _refused(path, Said("no words to show", ko="보여 줄 말이 없는 글"))
    if len(cards) > _MOST_CARDS:
        raise _refused(path, Said(f"text for {len(cards)} cards", ko=f"카드 {len(cards)}장 분량의 글"))
    return tuple(cards)


def _text_of(path: Path) -> str:
    try:
        # A pipe would be waited for.
        if path.exists() and not path.is_file():
            raise _refused(path, Said("no regular file", ko="일반 파일이 아님"))
        with path.open("rb") as file:
            raw = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise _refused(path, said_by_system(error)) from None
    if len(raw) > _LARGEST_BYTES:
        raise _refused(path, Said("more than 64 KB", ko="64 KB가 넘는 글"))
    encodings = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp949")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return unicodedata.normalize("NFC", text)
    raise _refused(path, Said("bytes that are no text", ko="글이 아닌 데이터"))


def _paragraphs(text: str) -> list[_Paragraph]:
    """A label alone belongs to the paragraph below it; as the headline, and with nothing below, it is what it says."""
    found: list[_Paragraph] = []
    for lines, start in _between_empty_lines(text):
        paragraph = _paragraph(lines, start)
        waiting = found[-1] if found and found[-1].is_label_alone else None
        if waiting is not None and not paragraph.label:
            found[-1] = replace(paragraph, label=waiting.label, line=waiting.line)
        else:
            found.append(paragraph if found else _said(paragraph))
    return [_said(paragraph) for paragraph in found]


def _said(paragraph: _Paragraph) -> _Paragraph:
    return replace(paragraph, label="", head=paragraph.label) if paragraph.is_label_alone else paragraph


def _between_empty_lines(text: str) -> Iterator[tuple[list[str], int]]:
    """The lines of each paragraph with words, without marks that only draw, and the number of the first of them."""
    lines: list[str] = []
    start = 1
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        clean = " ".join("".join(c for c in line if c == "\t" or unicodedata.category(c) != "Cc").split())
        if _RULE.fullmatch(clean):
            continue
        if clean:
            if not lines:
                start = number
            lines.append(_BOLD.sub(r"\2", clean))
        elif lines:
            yield lines, start
            lines = []


def _paragraph(lines: Sequence[str], line: int) -> _Paragraph:
    label, rest = "", list(lines)
    if (heading := _HEADING.fullmatch(rest[0])) and heading[1]:
        rest[0] = heading[1]
    labelled = None if _BULLET.fullmatch(rest[0]) else _LABELLED.fullmatch(rest[0])
    beside: list[str] = []
    if labelled:
        label, rest = labelled[1].strip(), rest[1:]
        # What follows a label on its line is said, never listed: a date begins with a number too.
        beside = [labelled[2]] if labelled[2] else []
    counted = _counted_from_one(rest)
    items: list[str] = []
    words = beside
    for one in rest:
        bullet = _BULLET.fullmatch(one)
        if bullet:
            items.append(bullet[1])
        elif counted and (found := _COUNTED.fullmatch(one)):
            items.append(found[3])
        else:
            words.append(one)
    head = words.pop(0) if words and len(words[0]) <= _LONGEST_TEXT else ""
    return _Paragraph(
        label=label, head=head, body=" ".join(words), items=tuple(items), counted=counted, line=line
    )


def _counted_from_one(lines: Sequence[str]) -> bool:
    """Whether the lines that begin with a number count 1, 2, 3: others are dates and quantities."""
    found = [match for one in lines if (match := _COUNTED.fullmatch(one))]
    numbers = [int(match[1]) if match[1] else int(unicodedata.numeric(match[2])) for match in found]
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))


def _cards(
    paragraph: _Paragraph, template: Template, name: str, *, before: int, opens: bool
) -> list[CardSpec]:
    kind, label = _kind(paragraph, template, opens=opens)
    where = f"{name}:{paragraph.line}"
    plain = CardSpec(
        kind=kind, before=before, label=label, where=where, numbered=True if paragraph.counted else None
    )

    def listing(start: int) -> CardSpec:
        return replace(plain, items=paragraph.items[start : start + _MOST_ITEMS], first_number=start + 1)

    lists = [listing(start) for start in range(0, len(paragraph.items), _MOST_ITEMS)]
    bodies = _parted(paragraph.body)
    made: list[CardSpec] = []
    if paragraph.head or bodies or not lists:
        opening = lists.pop(0) if lists and len(bodies) <= 1 else plain
        made.append(replace(opening, text=paragraph.head, body=bodies.pop(0) if bodies else ""))
    made += [replace(plain, body=body) for body in bodies]
    made += [replace(some, text=paragraph.head) for some in lists]
    return [one for one in made if one.words]


def _parted(body: str) -> list[str]:
    """`body` in parts that a card takes, parted between sentences."""
    parts: list[str] = []
    for sentence in filter(None, _SENTENCE_END.split(body)):
        if parts and len(parts[-1]) + 1 + len(sentence) <= _LONGEST_BODY:
            parts[-1] += f" {sentence}"
        else:
            parts.append(sentence)
    return parts


def _kind(paragraph: _Paragraph, template: Template, *, opens: bool) -> tuple[str, str | None]:
    """The kind of card, and the label where it is not the kind's own (None)."""
    word = paragraph.label.casefold()
    for words, kinds in _KINDS:
        if word and word in words:
            kind = _first_of((*kinds, DEFAULT_CARD), template)
            style = template.card(kind)
            says_it = kind in kinds and style is not None and bool(style.label_ko)
            return kind, None if says_it else paragraph.label
    label = paragraph.label or None
    if opens:
        return _first_of(("hazard", "title", "question", DEFAULT_CARD), template), label
    # What is listed under words of its own may be what not to do: only an unnamed list is one of actions.
    named = ("list",) if label else ("action", "programme", "event", "list")
    return _first_of((*(named if paragraph.items else ()), "point", DEFAULT_CARD), template), label


def _first_of(kinds: Sequence[str], template: Template) -> str:
    return next((one for one in kinds if template.card(one) is not None), DEFAULT_CARD)


def _refused(path: Path, found: str) -> UsageError:
    return UsageError(
        where=str(path),
        found=found,
        expected=Said(
            "a notice as plain text: a headline, then paragraphs parted by empty lines",
            ko="일반 텍스트로 쓴 안내문: 첫 줄 제목, 그다음 빈 줄로 나눈 단락",
        ),
        remedy=Said("save it as UTF-8 text and shorten it", ko="UTF-8 텍스트로 저장하고 짧게 줄여 주세요."),
    )
