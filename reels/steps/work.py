"""What each kind of step does, as values that hold everything that decides its result.

`fingerprint` is computed from the value itself, so that nothing can be forgotten; files stand in it by their path
and count by what they hold. `plan` fills these, `perform` has a function for each kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import ClassVar, Literal

from reels.art.elements import CoverLook, Element, Ground, Shade
from reels.check import ShownBox
from reels.cues import CueRules
from reels.cutting import NotCut
from reels.edit import Removed
from reels.encode import PictureSpec, SoundSpec
from reels.framing import FramingReport, Manner
from reels.geometry import Raster
from reels.glossary import NO_GLOSSARY, Glossary
from reels.graph.music import Bed
from reels.graph.picture import VideoPiece
from reels.graph.sound import AudioPiece
from reels.hearing import HeardSound
from reels.media import AudioStream, MediaInfo
from reels.platforms import Platform
from reels.recognise import RecognitionOptions
from reels.said import Said
from reels.sound.soundtrack import Channel
from reels.subtitles import AssStyle, Cue, Sidecar
from reels.timing import TimeRange

__all__ = [
    "TELLING_KINDS",
    "ArtWork",
    "AudioWork",
    "CardPiece",
    "CheckWork",
    "ChunkWork",
    "CoverFrame",
    "CoverWork",
    "DeliverWork",
    "DraftWork",
    "FrameWork",
    "Framed",
    "FramingWork",
    "GroundWork",
    "HearingWork",
    "JoinWork",
    "Kind",
    "LogoWork",
    "LoudnessWork",
    "OverlayUse",
    "PictureTold",
    "ProbeWork",
    "ShadeWork",
    "SoundTold",
    "StabiliseWork",
    "TextTold",
    "TranscribeWork",
    "Work",
]

Kind = Literal[
    "probe",
    "hearing",
    "transcribe",
    "draft",
    "framing",
    "stabilise",
    "loudness",
    "art",
    "chunk",
    "audio",
    "join",
    "cover",
    "check",
    "deliver",
    "frame",
]
TELLING_KINDS: frozenset[str] = frozenset({"probe", "hearing", "draft", "framing", "stabilise"})
"""Kinds whose results tell the planner something it could not know before."""

_AS_EVER = RecognitionOptions(model="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeWork:
    """Look at a footage file. Result: `media.json`."""

    kind: ClassVar[Kind] = "probe"
    footage: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingWork:
    """Find which of a film's `tracks` and channels is to be heard; `channel` where a person has said it.

    Result: a `HeardSound` as facts.
    """

    kind: ClassVar[Kind] = "hearing"
    footage: Path
    tracks: tuple[AudioStream, ...]
    duration: Fraction
    channel: Channel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscribeWork:
    """Listen to a footage file. Result: `transcript.json`.

    `model` is how to find the model here, `model_identity` which bytes it is; only the latter counts. The
    `model` inside `options` is left empty.
    """

    kind: ClassVar[Kind] = "transcribe"
    footage: Path
    stream: int
    options: RecognitionOptions
    model: str
    model_identity: str
    channel: Channel = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftWork:
    """Write the subtitle draft of a footage file from its transcript; a draft of a person is left alone.

    `draft` is its name in NFC. `options` say in its report how was listened, without the model; `model` and
    `where` are how the model was asked for and how messages call the footage, which decide nothing.
    """

    kind: ClassVar[Kind] = "draft"
    transcript: str
    draft: str
    rules: CueRules
    glossary: Glossary = NO_GLOSSARY
    options: RecognitionOptions = _AS_EVER
    model: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FramingWork:
    """Look for people in a range of a footage file and find the window's path. Result: `framing.json`.

    `media` is of the picture alone; `aspect` is the window's, width by height; `nobody` says how shots without
    people are framed, `split` that two are wanted one above the other. The detector is a tool.
    """

    kind: ClassVar[Kind] = "framing"
    footage: Path
    media: MediaInfo
    range_in_source: TimeRange
    aspect: Fraction
    nobody: Manner
    split: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StabiliseWork:
    """Watch how a range of a footage file shakes. Result: `steady.json`. `media` is of the picture alone."""

    kind: ClassVar[Kind] = "stabilise"
    footage: Path
    media: MediaInfo
    range_in_source: TimeRange


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoWork:
    """Draw the logo. Result: `overlay.png`."""

    kind: ClassVar[Kind] = "art"
    logo: Path
    room: Raster
    raster: Raster
    opacity: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtWork:
    """Draw and animate an element. Result: `overlay.mov`, with alpha, as long as the element."""

    kind: ClassVar[Kind] = "art"
    element: Element
    room: Raster
    raster: Raster
    rate: Fraction
    where: str
    still: bool = False
    """Only how it looks when it has come. Result: `overlay.png`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundWork:
    """Draw what stands behind a card. Result: `ground.png`."""

    kind: ClassVar[Kind] = "art"
    ground: Ground
    raster: Raster


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadeWork:
    """Draw a veil over the whole picture. Result: `overlay.png`."""

    kind: ClassVar[Kind] = "art"
    shade: Shade
    raster: Raster


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayUse:
    """The art of step `art` at `left`, `top` from `first_frame` of the chunk for `frames`.

    A `still` stands there unchanged; with `frames` None it does so throughout.
    """

    art: str
    left: int
    top: int
    first_frame: int = 0
    frames: int | None = None
    still: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPiece:
    """`frames` frames of the ground of step `ground`."""

    ground: str
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkWork:
    """Encode one chunk of the picture. Result: `chunk.mp4`. Holds only what shows in it.

    `cues` are in programme time, captions with the marks that show; `first_frame` says where the chunk begins.
    """

    kind: ClassVar[Kind] = "chunk"
    pieces: tuple[VideoPiece | CardPiece, ...]
    overlays: tuple[OverlayUse, ...]
    cues: tuple[Cue, ...]
    style: AssStyle | None
    first_frame: int
    spec: PictureSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameWork:
    """Draw one frame as the render's graph gives it, before it is encoded. Result: `frame.png`. `shown` is that frame."""

    kind: ClassVar[Kind] = "frame"
    shown: ChunkWork


@dataclass(frozen=True, slots=True, kw_only=True)
class LoudnessWork:
    """Mix the programme's sound, with music under it, and measure it.

    Result: `sound.flac` and the measurement as facts.
    """

    kind: ClassVar[Kind] = "loudness"
    pieces: tuple[AudioPiece, ...]
    bed: Bed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioWork:
    """Bring the programme's sound to its level and encode it. Result: `audio.aac`."""

    kind: ClassVar[Kind] = "audio"
    sound: str
    spec: SoundSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinWork:
    """Join chunks and sound without encoding again, and decode the whole once. Result: `reel.mp4`."""

    kind: ClassVar[Kind] = "join"
    chunks: tuple[str, ...]
    chunk_frames: tuple[int, ...]
    audio: str
    rate: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverFrame:
    """Programme frame `frame`, of clip number `clip` or of a card's film, that may become the cover.

    `piece` is it alone; of `around`, consecutive frames of the programme, it is number `shown`. These are looked at
    where one of several has to be chosen.
    """

    frame: int
    clip: int
    piece: VideoPiece
    around: tuple[VideoPiece, ...] = ()
    shown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverWork:
    """Draw the cover: over `picture`, or else the best of `frames`. Result: `cover.jpg`, and why it is that one.

    Where there is neither, over the ground of the card that step `ground` made. `chosen` says what was asked for.
    """

    kind: ClassVar[Kind] = "cover"
    chosen: Literal["auto", "time", "file"]
    frames: tuple[CoverFrame, ...]
    picture: Path | None
    title: str
    look: CoverLook
    spec: PictureSpec
    limit_bytes: int
    where: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckWork:
    """Decode the master once and judge it against every platform it is for. Result: their reports as facts.

    `shown` is what is drawn over it.
    """

    kind: ClassVar[Kind] = "check"
    master: str
    platforms: tuple[Platform, ...]
    shown: tuple[ShownBox, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """How the people in clip number `clip` were followed; no report where its picture leaves nothing to move."""

    clip: int
    report: FramingReport | None

    @property
    def sentence(self) -> Said:
        """One sentence for people."""
        if self.report is not None:
            return self.report.sentence
        return Said(
            "the picture is as upright as the reel; there is nothing to follow",
            ko="화면이 이미 릴스만큼 세로여서 따라갈 것이 없습니다",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureTold:
    """What was done to the picture of clip number `clip` on request: the name of its look, and whether it is held still."""

    clip: int
    lut: str = ""
    stabilised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundTold:
    """What of the sound of clip number `clip` is no plain case; nothing is `heard` where it has none."""

    clip: int
    heard: HeardSound | None

    @property
    def sentence(self) -> Said:
        """One sentence for people."""
        told = self.heard.sentence if self.heard is not None else None
        return told or Said(
            "it has no sound; its part of the reel is silent", ko="소리가 없어 이 부분은 무음입니다"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTold:
    """How long the words of a post are, in the platform's own units, and how long they may be; None: no field or no limit."""

    title_length: int | None
    title_limit: int | None
    length: int
    limit: int | None
    counting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverWork:
    """Hand the reel over: file, sidecars, cover, caption, report. Result: what lies where, as facts.

    `folder` is relative to the campaign's output folder, with `/` between its parts. `footage` has a name for each
    clip, by whose number `removed` and `not_cut` tell what was cut and what could not be, `framed` who is followed,
    `picture` what was done to its picture and `sound` which of its sounds is played; `music` is a name;
    `footage_identity` has its content; `texts` are the files that became cards. `cover_accepted` is as in `Platform`.
    """

    kind: ClassVar[Kind] = "deliver"
    master: str
    check: str
    cover: str
    folder: str
    name: str
    sidecars: tuple[Sidecar, ...]
    caption: str
    text: TextTold
    audio: str
    platform: str
    title: str
    frames: int
    rate: Fraction
    footage: tuple[str, ...]
    words_from: tuple[str, ...]
    removed: tuple[Removed, ...] = ()
    not_cut: tuple[NotCut, ...] = ()
    framed: tuple[Framed, ...] = ()
    picture: tuple[PictureTold, ...] = ()
    sound: tuple[SoundTold, ...] = ()
    music: str = ""
    footage_identity: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    covering: tuple[Said, ...] = ()
    """What of the template stands over a face for want of another place."""
    cover_accepted: bool | None = None


Work = (
    ProbeWork
    | HearingWork
    | TranscribeWork
    | DraftWork
    | FramingWork
    | StabiliseWork
    | LogoWork
    | ArtWork
    | GroundWork
    | ShadeWork
    | ChunkWork
    | FrameWork
    | LoudnessWork
    | AudioWork
    | JoinWork
    | CoverWork
    | CheckWork
    | DeliverWork
)
