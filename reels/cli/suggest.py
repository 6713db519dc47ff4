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
from reels.campaign.model import Campaign, ClipSpec
from reels.campaign.problems import nearest
from reels.cli.console import language, print_json, print_line, tell
from reels.cutting import Passage, SpokenClip, suggested
from reels.errors import Interrupted, ReelsError, UsageError, printable
from reels.footage import content_identity
from reels.hearing import HeardSound
from reels.plan import draft_names
from reels.plan.draft_names import name_shown
from reels.plan.hearing import hearing_of
from reels.plan.steps_so_far import StepsSoFar
from reels.said import Said, any_of, in_language, perhaps, typed
from reels.sound.levels import levels_of
from reels.steps import ProbeWork
from reels.store import Store
from reels.survey import Survey
from reels.timing import TimeRange, format_clock
from reels.versions import tool_versions

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
    filmed, spoken = _footage_of(loaded, footage)
    shown = name_shown(filmed.footage, loaded.workspace.root)
    survey = Survey(loaded.workspace, Store(loaded.workspace.store_dir))
    clip = _spoken(loaded, survey, filmed, spoken, campaign)
    levels = _levels(survey, filmed, shown)
    found = suggested(clip, length=Fraction(length), count=count, levels=levels)
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


def _footage_of(campaign: Campaign, wanted: str) -> tuple[ClipSpec, str]:
    """The first clip of the footage that `wanted` means, with the language of its words. Raises: UsageError."""
    known: dict[str, tuple[ClipSpec, str]] = {}
    for path, spoken in campaign.footage_and_languages:
        name = name_shown(path, campaign.workspace.root)
        known.setdefault(name, (_clip_of(campaign, path, spoken), spoken))
    given, here = unicodedata.normalize("NFC", wanted), Path(wanted).absolute()
    for name, found in known.items():
        path = found[0].footage
        if given in (name, unicodedata.normalize("NFC", path.name)) or here == path:
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


def _clip_of(campaign: Campaign, path: Path, spoken: str) -> ClipSpec:
    return next(
        clip
        for reel in (*campaign.reels, *campaign.other_reels)
        if spoken in (reel.subtitles.language, reel.captions.second)
        for clip in reel.clips
        if clip.footage == path
    )


def _spoken(campaign: Campaign, survey: Survey, filmed: ClipSpec, spoken: str, asked: Path) -> SpokenClip:
    """What the subtitles of a clip's footage, and the transcript behind them, say of all of it.

    Raises: UsageError.
    """
    draft = draft_names(campaign)[filmed.footage, spoken]
    if filmed.subtitles is not None:
        name, state, record = filmed.subtitles.name, survey.subtitles(filmed.subtitles), None
    else:
        name = f"{campaign.workspace.drafts_dir.name}/{draft}"
        state, record = survey.draft(draft), survey.draft_record(draft)
    if state is None or not state.cues:
        command = f"reels draft {typed(asked)}"
        raise UsageError(
            where=name,
            found=Said("no subtitles", ko="자막 없음"),
            expected=Said("words to choose from", ko="고를 말"),
            remedy=Said(f"run `{command}`", ko=f"`{command}` 명령을 실행해 주세요.")
            if state is None
            else Said("choose footage in which somebody speaks", ko="말소리가 있는 영상을 골라 주세요."),
        )
    heard = survey.transcript(record.heard_in(state.sha256)) if record is not None else None
    lasts = max([cue.end for cue in state.cues] + ([heard.duration] if heard is not None else []))
    clip = SpokenClip.of(TimeRange(Fraction(0), lasts), heard, state.cues)
    # The draft decides the language: its words may be a translation of those that were heard.
    return clip if heard is not None and heard.language == spoken else _in(clip, spoken)


def _levels(survey: Survey, filmed: ClipSpec, shown: str) -> tuple[int, ...]:
    """How loud the footage is; nothing where it has gone, or has no sound: the words alone are enough."""
    try:
        identity, heard = content_identity(filmed.footage), _heard_sound(survey, filmed, shown)
        if heard is None:
            return levels_of(filmed.footage, identity)
        return levels_of(filmed.footage, identity, stream=heard.stream, channel=heard.channel)
    except Interrupted:
        raise
    except (ReelsError, OSError):
        return ()


def _heard_sound(survey: Survey, filmed: ClipSpec, shown: str) -> HeardSound | None:
    """The track and channel that drafts are written from; None where nobody has looked yet."""
    steps = StepsSoFar(survey, tool_versions(), force=False, made_now=())
    identities = {filmed.footage: survey.footage_identity(filmed.footage)}
    probe = steps.add(f"probe {shown}", ProbeWork(footage=filmed.footage), doing="", identities=identities)
    media = survey.media(probe.made_as)
    if media is None:
        return None
    found = hearing_of(
        filmed, media, shown=shown, probe=probe, steps=steps, survey=survey, identities=identities
    )
    return found if isinstance(found, HeardSound) else None


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
