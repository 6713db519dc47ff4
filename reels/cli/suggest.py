"""`reels suggest`: passages of a long recording that would make a reel, from its draft and its sound.

No recogniser runs; how loud the sound is counts, and is remembered.
"""

from __future__ import annotations

import itertools
import json
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.load import load_campaign
from reels.campaign.model import Campaign
from reels.campaign.problems import nearest
from reels.cli.console import language, print_json, print_line, tell
from reels.cutting import Passage, SpokenClip, suggested
from reels.errors import Interrupted, ReelsError, UsageError, printable
from reels.footage import content_identity
from reels.plan import draft_names
from reels.plan.draft_names import name_shown
from reels.said import Said, any_of, in_language, perhaps
from reels.sound.levels import levels_of
from reels.store import Store
from reels.survey import Survey
from reels.timing import TimeRange, format_clock

__all__ = ["suggest"]


def suggest(
    campaign: Annotated[Path, typer.Argument(help="Campaign folder or its campaign.yaml.")],
    footage: Annotated[str, typer.Argument(help="A footage file of the campaign that has a draft.")],
    length: Annotated[int, typer.Option("--length", min=5, max=600, help="Seconds wanted.")] = 30,
    count: Annotated[int, typer.Option("--count", min=1, max=20, help="How many at most.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print the passages as JSON.")] = False,
) -> None:
    """Propose self-contained passages of a long recording: whole sentences, with keys to paste into the campaign."""
    loaded = load_campaign(campaign)
    path, spoken = _footage_of(loaded, footage)
    shown = name_shown(path, loaded.workspace.root)
    clip = _spoken(loaded, path, spoken, shown, campaign)
    found = suggested(clip, length=Fraction(length), count=count, levels=_levels(path))
    if as_json:
        print_json({"footage": shown, "length_s": length, "passages": [_json(passage) for passage in found]})
        return
    if not found:
        tell(
            in_language(
                Said(
                    f"nothing in {shown} is a passage of about {length} s; try another --length",
                    ko=f"{shown}에서 {length}초쯤 되는 대목을 찾지 못했습니다. --length를 바꿔 보세요.",
                ),
                language(),
            )
        )
        return
    for number, passage in enumerate(found, start=1):
        where = passage.range_in_source
        topics = ", ".join(passage.topics)
        print_line(
            f"{number}  {_clock(where.start)} – {_clock(where.end)}  {float(where.duration):.1f} s  {topics}"
        )
        print_line(f"   {printable(passage.text)}")
    print_line("")
    print_line(_yaml(found, shown, _free_ids(loaded)))


def _footage_of(campaign: Campaign, wanted: str) -> tuple[Path, str]:
    """The file of the campaign that `wanted` means, with the language of its words. Raises: UsageError."""
    root = campaign.workspace.root
    known: dict[str, tuple[Path, str]] = {}
    for path, spoken in campaign.footage_and_languages:
        known.setdefault(name_shown(path, root), (path, spoken))
    given = unicodedata.normalize("NFC", wanted)
    for name, found in known.items():
        here = Path(wanted)
        if given in (name, unicodedata.normalize("NFC", found[0].name)) or here.absolute() == found[0]:
            return found
    guess = nearest(given, known)
    raise UsageError(
        where="FOOTAGE",
        found=wanted,
        expected=any_of(known),
        remedy=perhaps(guess)
        if guess
        else Said("name it as a clip of a reel first", ko="먼저 릴스의 클립으로 적어 주세요."),
    )


def _spoken(campaign: Campaign, path: Path, spoken: str, shown: str, asked: Path) -> SpokenClip:
    """What the draft of a footage file and the transcript behind it say. Raises: UsageError."""
    workspace = campaign.workspace
    survey = Survey(workspace, Store(workspace.store_dir))
    draft = draft_names(campaign)[path, spoken]
    state, record = survey.draft(draft), survey.draft_record(draft)
    if state is None or not state.cues:
        raise UsageError(
            where=shown,
            found=Said("no draft with words", ko="내용이 있는 초안이 없음"),
            expected=Said(f"{workspace.drafts_dir.name}/{draft}", ko=f"{workspace.drafts_dir.name}/{draft}"),
            remedy=Said(f"run `reels draft {asked}`", ko=f"`reels draft {asked}`을(를) 실행해 주세요."),
        )
    heard = survey.transcript(record.heard_in(state.sha256)) if record is not None else None
    lasts = max([cue.end for cue in state.cues] + ([heard.duration] if heard is not None else []))
    clip = SpokenClip.of(TimeRange(Fraction(0), lasts), heard, state.cues)
    # The draft decides the language: its words may be a translation of those that were heard.
    return clip if heard is not None and heard.language == spoken else _in(clip, spoken)


def _levels(path: Path) -> tuple[int, ...]:
    """How loud the footage is; nothing where it has gone, or has no sound: the words alone are enough."""
    try:
        return levels_of(path, content_identity(path))
    except Interrupted:
        raise
    except (ReelsError, OSError):
        return ()


def _in(clip: SpokenClip, spoken: str) -> SpokenClip:
    return SpokenClip(range_in_source=clip.range_in_source, cues=clip.cues, language=spoken)


def _clock(seconds: Fraction) -> str:
    """As an in or out point; hours only where there are any."""
    return format_clock(seconds).removeprefix("00:")


def _json(passage: Passage) -> dict[str, object]:
    where = passage.range_in_source
    return {
        "in": _clock(where.start),
        "out": _clock(where.end),
        "start_s": round(float(where.start), 3),
        "end_s": round(float(where.end), 3),
        "duration_s": round(float(where.duration), 3),
        "topics": list(passage.topics),
        "text": passage.text,
        "score": round(passage.score, 4),
    }


def _free_ids(campaign: Campaign) -> Iterator[str]:
    """Ids that no reel of the campaign has: what was pasted before stays."""
    taken = {reel.id for reel in (*campaign.reels, *campaign.other_reels)}
    return (name for number in itertools.count(1) if (name := f"suggestion-{number}") not in taken)


def _yaml(found: tuple[Passage, ...], shown: str, ids: Iterator[str]) -> str:
    """The passages as reels of a campaign. A name is quoted as JSON quotes it, which YAML reads."""
    lines = ["reels:"]
    for passage, reel in zip(found, ids, strict=False):
        where = passage.range_in_source
        lines += [
            f"  - id: {reel}",
            "    clips:",
            f"      - footage: {json.dumps(shown, ensure_ascii=False)}",
            f'        in: "{_clock(where.start)}"',
            f'        out: "{_clock(where.end)}"',
        ]
    return "\n".join(lines)
