"""What a report and a message tell of a reel's clips: who is followed, what was done to picture and sound, what could not be.

Pure: `reel` has decided everything by then, `deliver` writes it down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from reels.edit import EditList
from reels.interchange import UsedMedia
from reels.plan.footage import KnownClip, name_shown
from reels.plan.framing import framed
from reels.plan.pieces import Pieces
from reels.plan.sound import sound_told
from reels.plan.steadying import not_held, picture_told
from reels.said import Said, in_language
from reels.steps import Framed, PictureTold, SoundTold

__all__ = ["ToldOfClips", "notes_of_clips", "told_of_clips", "used_media"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOfClips:
    """Of the clips that are shown; of a plain one nothing."""

    framed: tuple[Framed, ...]
    picture: tuple[PictureTold, ...]
    sound: tuple[SoundTold, ...]


def told_of_clips(pieces: Pieces, cut: EditList, root: Path) -> ToldOfClips:
    """What there is to tell of each clip of `cut`; names are told from the campaign's folder `root` on."""
    aspect = pieces.spec.raster.aspect
    clips, framings, steadies = pieces.clips, pieces.framings, pieces.steadies
    shown = [number for number in range(len(clips)) if cut.of_clip(number) is not None]
    followed = (framed(number, clips[number], framings.get(number)) for number in shown)
    done = (
        picture_told(number, clips[number], framings.get(number), steadies.get(number), aspect, root)
        for number in shown
    )
    return ToldOfClips(
        framed=tuple(one for one in followed if one is not None),
        picture=tuple(one for one in done if one is not None),
        sound=sound_told(clips, cut),
    )


def notes_of_clips(
    pieces: Pieces, cut: EditList, of_cut: Sequence[tuple[int, str]], root: Path
) -> Iterator[Said]:
    """Notes of the cut and of what could not be held still, each with the name of its footage."""
    aspect: Fraction = pieces.spec.raster.aspect
    still = (
        (number, held)
        for number, clip in enumerate(pieces.clips)
        if cut.of_clip(number) is not None
        and (held := not_held(clip, pieces.framings.get(number), aspect)) is not None
    )
    for number, note in (*of_cut, *still):
        name = name_shown(pieces.clips[number].spec.footage, root)
        yield Said(f"{name}: {note}", ko=f"{name}: {in_language(note, 'ko')}")


def used_media(clips: Sequence[KnownClip], root: Path) -> tuple[UsedMedia, ...]:
    """The clips as other programs get to know them."""
    return tuple(
        UsedMedia(
            path=name_shown(clip.spec.footage, root),
            duration=clip.media.duration,
            has_sound=bool(clip.media.audio),
        )
        for clip in clips
    )
