"""What goes with a finished reel in one language: its cues in programme time, and how the platform names them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reels.subtitles.cue import Cue
from reels.subtitles.write import write_srt, write_text, write_vtt

__all__ = ["Sidecar", "sidecar_texts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """The subtitles of a reel in `language`, a code such as `ko`. Without cues it stands for files to take away.

    `srt_name` is the SubRip file's name as the platform's upload page wants it; the others have plain names.
    `prose` says the same with all the marks that somebody wrote, for the text that is read and not watched; empty: the
    cues say it.
    """

    language: str
    srt_name: str
    cues: tuple[Cue, ...]
    prose: tuple[Cue, ...] = ()

    def __post_init__(self) -> None:
        if {type(cue) for cue in (*self.cues, *self.prose)} - {Cue}:
            raise ValueError("a sidecar holds plain cues: what a caption marks is not to decide a hand-over")

    @classmethod
    def of(cls, cues: Iterable[Cue], *, language: str, srt_name: str, prose: Iterable[Cue] = ()) -> Sidecar:
        """The sidecar of what is shown, without what only the burn-in shows."""
        plain = tuple(Cue(start=cue.start, end=cue.end, lines=cue.lines) for cue in cues)
        return cls(language=language, srt_name=srt_name, cues=plain, prose=tuple(prose) if plain else ())


def sidecar_texts(sidecar: Sidecar, name: str) -> dict[str, str]:
    """The files of `sidecar` for the reel called `name`, by file name; empty texts where nothing is said."""
    return {
        sidecar.srt_name: write_srt(sidecar.cues),
        f"{name}.{sidecar.language}.vtt": write_vtt(sidecar.cues) if sidecar.cues else "",
        f"{name}.{sidecar.language}.txt": write_text(sidecar.prose or sidecar.cues),
    }
