"""What a campaign says, resolved: frozen values with absolute paths, each option knowing where it came from.

Nothing here reads a file; `load` makes these values, `plan` turns them into steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from reels.campaign.brand import DEFAULT_BRAND, Brand
from reels.campaign.showing import CardSpec, ElementSpec
from reels.campaign.template import Template
from reels.covering import AUTO_COVER, WantedCover
from reels.cutting import NO_CUTS, CutOptions
from reels.framing import WantedFraming
from reels.glossary import NO_GLOSSARY, Glossary
from reels.luts import Lut
from reels.platforms import Platform
from reels.sound.soundtrack import PLAIN_SOUND, SoundOptions

__all__ = [
    "FRAME_RATES",
    "USUAL_DUCK_DB",
    "Campaign",
    "CaptionOptions",
    "ClipSpec",
    "Engine",
    "FrameRate",
    "MusicSpec",
    "Origin",
    "Person",
    "ReelSpec",
    "SubtitleOptions",
    "Workspace",
]

FrameRate = Literal["usual", "full"]
"""At most 30 frames a second, or up to 60 where footage and platform have them."""
FRAME_RATES: tuple[FrameRate, ...] = ("usual", "full")
Engine = Literal["faster-whisper", "openai-whisper"]
Origin = Literal["default", "campaign", "reel", "option"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who speaks, for the lower third; `where` says it where that is no place among the `people` of a clip."""

    name: str
    role: str = ""
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleOptions:
    """How speech becomes a draft in `language`.

    `spoken` is the language of the speech where that is another one; empty: the same. `glossary` holds the
    brand's and the campaign's.
    """

    model: str = "large-v3-turbo"
    engine: Engine = "faster-whisper"
    language: str = "ko"
    beam: int = 5
    vad: bool = True
    glossary: Glossary = NO_GLOSSARY
    spoken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionOptions:
    """How the words of a draft are shown; they may differ where two reels share a draft.

    `style` names a subtitle style, which is in the template already; empty: the template's own. `punctuation`:
    as the Korean guide wants it. `speakers` are names that may stand before a cue beside the clip's people.
    `second` is a language shown together with the first; empty: none.
    """

    second: str = ""
    style: str = ""
    punctuation: bool = True
    keywords: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipSpec:
    """One piece of footage in a reel; points are as written (`00:04.2`, `120f`), in source time.

    `goes_on`: in a cut made elsewhere, a piece a little after the one before it in the same footage. A `wordless` clip is
    heard but nobody writes down what is said in it; `of_brand`: it is what the brand puts before or behind every reel.
    """

    footage: Path
    in_point: str | None = None
    out_point: str | None = None
    people: tuple[Person, ...] = ()
    framing: WantedFraming = "auto"
    subtitles: Path | None = None
    sound: SoundOptions = PLAIN_SOUND
    goes_on: bool = False
    lut: Lut | None = None
    stabilise: bool = False
    elements: tuple[ElementSpec, ...] = ()
    wordless: bool = False
    of_brand: Literal["intro", "outro"] | None = None
    where: str = ""

    @property
    def is_brands(self) -> bool:
        return self.of_brand is not None


USUAL_DUCK_DB = Fraction(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicSpec:
    """Music under a whole reel.

    `level_lu` is how loud it is where nobody speaks, by the voice's loudness; `duck_db` how much less there is under
    the voice; `start` and the fades are seconds.
    """

    path: Path
    level_lu: int = -10
    duck_db: Fraction = USUAL_DUCK_DB
    fade_in: Fraction = Fraction(1)
    fade_out: Fraction = Fraction(2)
    start: Fraction = Fraction(0)
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReelSpec:
    """One reel, every option resolved; `origins` says which level each value came from."""

    id: str
    clips: tuple[ClipSpec, ...]
    platforms: tuple[Platform, ...]
    template: Template
    subtitles: SubtitleOptions
    captions: CaptionOptions = CaptionOptions()
    brand: Brand = DEFAULT_BRAND
    title: str | None = None
    cover: WantedCover = AUTO_COVER
    caption: str = ""
    hashtags: tuple[str, ...] = ()
    cut: CutOptions = NO_CUTS
    frame_rate: FrameRate = "usual"
    music: MusicSpec | None = None
    edit_notes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    """The text files that became its cards, as they are found from the output folder."""
    """What of a cut made elsewhere is not taken over."""
    elements: tuple[ElementSpec, ...] = ()
    cards: tuple[CardSpec, ...] = ()
    voice: Path | None = None
    """Spoken over a reel of cards alone."""
    ai: bool = False
    """An AI has made something of what is shown, and the reel says so."""
    end_card: bool | None = None
    credit: bool = True
    """Whether the brand's end card closes it; None: as the template says."""
    origins: tuple[tuple[str, Origin], ...] = ()
    where: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    """Its keys and the cells that hold them, of a reel that is a row of a spreadsheet."""

    def where_of(self, key: str) -> str:
        """How messages call the place of its `key`."""
        return dict(self.cells).get(key) or f"{self.where}{' ' if self.cells else '.'}{key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The folders of one campaign; all but `root` may not exist yet."""

    root: Path
    drafts_dir: Path
    out_dir: Path
    store_dir: Path

    @classmethod
    def of_campaign(cls, root: Path) -> Workspace:
        return cls(root=root, drafts_dir=root / "subtitles", out_dir=root / "out", store_dir=root / ".reels")

    @classmethod
    def of_output(cls, root: Path) -> Workspace:
        """`reels make -o DIR`: the reels lie in DIR itself."""
        return cls(root=root, drafts_dir=root / "subtitles", out_dir=root, store_dir=root / ".reels")


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign as the planner sees it."""

    name: str
    workspace: Workspace
    reels: tuple[ReelSpec, ...]
    other_reels: tuple[ReelSpec, ...] = ()
    """Of the same file, not wanted now; they still decide how drafts are told apart."""
    order: tuple[str, ...] = ()
    """The ids of all reels as the file lists them, wanted or not; empty: as in `reels`."""

    def alone(self, reel: ReelSpec) -> Campaign:
        """The campaign with one of its reels wanted; the others still decide how drafts are told apart."""
        others = tuple(one for one in self.reels if one.id != reel.id)
        return replace(self, reels=(reel,), other_reels=(*self.other_reels, *others))

    @property
    def footage_and_languages(self) -> tuple[tuple[Path, str], ...]:
        """Every footage file with each language that it is subtitled in, of all reels in the file's order."""
        place = {reel: number for number, reel in enumerate(self.order)}
        in_order = sorted((*self.reels, *self.other_reels), key=lambda reel: place.get(reel.id, 0))
        return tuple(
            dict.fromkeys(
                (clip.footage, language)
                for reel in in_order
                for clip in reel.clips
                if not clip.wordless
                for language in (reel.subtitles.language, reel.captions.second)
                if language
            )
        )
