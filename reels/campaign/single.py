"""One reel from the command line, without a campaign file: options → the same frozen values as a campaign."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reels.campaign.brand import DEFAULT_BRAND, Brand
from reels.campaign.model import (
    Campaign,
    CaptionOptions,
    ClipSpec,
    FrameRate,
    Person,
    ReelSpec,
    SubtitleOptions,
    Workspace,
)
from reels.campaign.notice import is_notice, read_notice
from reels.campaign.showing import CardSpec
from reels.campaign.shown_keys import framed_by_brand
from reels.campaign.subtitle_style import load_subtitle_style
from reels.campaign.template import Template
from reels.covering import AUTO_COVER, WantedCover
from reels.footage import path_on_disk
from reels.framing import WantedFraming
from reels.glossary import merged
from reels.platforms import Platform

__all__ = ["single_reel"]


def single_reel(
    footage: Sequence[Path],
    *,
    reel_id: str,
    output: Path,
    platforms: Sequence[Platform],
    template: Template,
    subtitles: SubtitleOptions,
    brand: Brand = DEFAULT_BRAND,
    style: str = "",
    title: str | None = None,
    people: Sequence[Person] = (),
    framing: WantedFraming = "auto",
    frame_rate: FrameRate = "usual",
    in_point: str | None = None,
    out_point: str | None = None,
    draft: Path | None = None,
    cover: WantedCover = AUTO_COVER,
    voice: Path | None = None,
    ai: bool = False,
    caption: str = "",
    hashtags: Sequence[str] = (),
) -> Campaign:
    """The campaign of one reel that plays `footage` in order; a text among it is shown on cards at its place.

    The in point cuts the first file and the out point the last; people are named over the first; `draft` is the
    subtitle file of the first; `style` names a subtitle style. Texts are as `schema` makes them.

    Raises: UsageError for a style that is not there, and for a text that makes no cards.
    """
    films = [path for path in footage if not is_notice(path)]
    last = len(films) - 1
    clips = tuple(
        ClipSpec(
            footage=path_on_disk(path),
            in_point=in_point if number == 0 else None,
            out_point=out_point if number == last else None,
            people=tuple(people) if number == 0 else (),
            framing=framing,
            subtitles=draft.absolute() if draft is not None and number == 0 else None,
            where="--name" if number == 0 else "FOOTAGE",
        )
        for number, path in enumerate(films)
    )
    cards: list[CardSpec] = []
    before = 0
    for path in footage:
        if is_notice(path):
            cards += read_notice(path_on_disk(path), template, before=before)
        else:
            before += 1
    clips, shown = framed_by_brand(
        clips, tuple(cards), intro=brand.intro, outro=brand.outro, where=brand.where
    )
    reel = ReelSpec(
        id=reel_id,
        clips=clips,
        cards=shown,
        voice=voice.absolute() if voice is not None else None,
        ai=ai,
        platforms=tuple(platforms),
        template=replace(template, subtitles=load_subtitle_style(style)) if style else template,
        brand=brand,
        subtitles=replace(subtitles, glossary=merged(subtitles.glossary, brand.glossary)),
        captions=CaptionOptions(style=style),
        frame_rate=frame_rate,
        title=title or None,
        cover=cover,
        caption=caption,
        hashtags=tuple(hashtags),
        texts=tuple(_from(output, path) for path in footage if is_notice(path)),
        where="reel",
    )
    return Campaign(name=reel_id, workspace=Workspace.of_output(output.absolute()), reels=(reel,))


def _from(output: Path, path: Path) -> str:
    """`path` as it is found from the output folder: a report names no folder of one machine."""
    try:
        found = os.path.relpath(path.absolute(), output.absolute())
    except ValueError:  # another drive
        found = path.name
    return unicodedata.normalize("NFC", Path(found).as_posix())
