"""The steps of a plan as values: what is to be done, from what, under which fingerprint, and why.

A work value holds everything that decides a step's result; its fingerprint is computed from the value itself,
so that nothing can be forgotten. `plan` makes steps, `perform` does their work, `run` chooses the moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args

from reels.art.elements import CoverLook, LowerThirdElement, TitleElement
from reels.cues import CueRules
from reels.cutting import Cutting, NotCut
from reels.edit import Removed
from reels.encode import PictureSpec, SoundSpec
from reels.errors import ReelsError
from reels.fingerprint import canonical, digest_of_json, paths_in
from reels.framing import FramingReport, Manner
from reels.geometry import Raster
from reels.glossary import NO_GLOSSARY, Glossary
from reels.graph.music import Bed
from reels.graph.picture import VideoPiece
from reels.graph.sound import AudioPiece
from reels.hearing import HeardSound
from reels.interchange import Programme
from reels.media import AudioStream, MediaInfo
from reels.platforms import Platform
from reels.recognise import RecognitionOptions
from reels.said import Said
from reels.soundtrack import Channel
from reels.store import JournalEntry
from reels.subtitles import AssStyle, Cue, Sidecar
from reels.timing import TimeRange

__all__ = [
    "REASONS",
    "TELLING_KINDS",
    "ArtWork",
    "AudioWork",
    "CheckWork",
    "ChunkWork",
    "CoverWork",
    "DeliverWork",
    "DraftWork",
    "Framed",
    "FramingWork",
    "HearingWork",
    "JoinWork",
    "Kind",
    "LogoWork",
    "LoudnessWork",
    "OverlayUse",
    "Plan",
    "PlanFailure",
    "ProbeWork",
    "Reason",
    "ReelCut",
    "SoundTold",
    "StabiliseWork",
    "Step",
    "TranscribeWork",
    "Work",
    "entry_for",
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
]
TELLING_KINDS: frozenset[str] = frozenset({"probe", "hearing", "draft", "framing", "stabilise"})
"""Kinds whose results tell the planner something it could not know before."""

Reason = Literal[
    "new", "input-changed", "option-changed", "tool-changed", "missing", "forced", "cascade", "reused"
]
REASONS: tuple[Reason, ...] = get_args(Reason)

# Raised when the meaning of a kind's result changes, so that no old result is taken for a new one.
_VERSION_OF_KIND: Mapping[Kind, int] = {
    "probe": 3,
    "hearing": 1,
    "transcribe": 2,
    "draft": 2,
    "framing": 2,
    "stabilise": 1,
    "loudness": 2,
    "art": 1,
    "chunk": 3,
    "audio": 3,
    "join": 1,
    "cover": 2,
    "check": 2,
    "deliver": 2,
}


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
    element: TitleElement | LowerThirdElement
    room: Raster
    raster: Raster
    rate: Fraction
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayUse:
    """The art of step `art` at `left`, `top` from `first_frame` of the chunk; `frames` None: a still throughout."""

    art: str
    left: int
    top: int
    first_frame: int = 0
    frames: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkWork:
    """Encode one chunk of the picture. Result: `chunk.mp4`. Holds only what shows in it.

    `cues` are in programme time, captions with the marks that show; `first_frame` says where the chunk begins.
    """

    kind: ClassVar[Kind] = "chunk"
    pieces: tuple[VideoPiece, ...]
    overlays: tuple[OverlayUse, ...]
    cues: tuple[Cue, ...]
    style: AssStyle | None
    first_frame: int
    spec: PictureSpec


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
class CoverWork:
    """Draw the cover. Result: `cover.jpg`."""

    kind: ClassVar[Kind] = "cover"
    piece: VideoPiece
    title: str
    look: CoverLook
    spec: PictureSpec
    limit_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckWork:
    """Decode the master once and judge it against every platform it is for. Result: their reports as facts."""

    kind: ClassVar[Kind] = "check"
    master: str
    platforms: tuple[Platform, ...]


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
class DeliverWork:
    """Hand the reel over: file, sidecars, cover, caption, report. Result: what lies where, as facts.

    `folder` is relative to the campaign's output folder, with `/` between its parts. `footage` has a name for each
    clip, by whose number `removed` and `not_cut` tell what was cut and what could not be, `framed` who is followed,
    and `sound` which of its sounds is played; `music` is a name;
    `footage_identity` has its content.
    """

    kind: ClassVar[Kind] = "deliver"
    master: str
    check: str
    cover: str
    folder: str
    name: str
    sidecars: tuple[Sidecar, ...]
    caption: str
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
    sound: tuple[SoundTold, ...] = ()
    music: str = ""
    footage_identity: tuple[str, ...] = ()


Work = (
    ProbeWork
    | HearingWork
    | TranscribeWork
    | DraftWork
    | FramingWork
    | StabiliseWork
    | LogoWork
    | ArtWork
    | ChunkWork
    | LoudnessWork
    | AudioWork
    | JoinWork
    | CoverWork
    | CheckWork
    | DeliverWork
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `fingerprint` and `work` are None while something it depends on is not known yet.

    `needs` are the fingerprints of the steps whose results it reads.
    """

    id: str
    kind: Kind
    reel: str | None
    platform: str | None
    reason: Reason
    will_run: bool
    fingerprint: str | None = None
    work: Work | None = None
    needs: tuple[str, ...] = ()
    entry: JournalEntry | None = None
    doing: str = ""

    @property
    def made_as(self) -> str:
        """The fingerprint. Raises: ValueError while it is not known, which a caller must not ask for."""
        if self.fingerprint is None:
            raise ValueError(f"{self.id} has no fingerprint yet")
        return self.fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFailure:
    """A reel, or one of its platforms, that cannot be made as the campaign stands."""

    reel: str
    platform: str | None
    error: ReelsError


@dataclass(frozen=True, slots=True, kw_only=True)
class ReelCut:
    """How a reel whose footage is known is cut for `platforms`, and what of it would be handed to other programs.

    `notes` say in words what a person should know of it.
    """

    reel: str
    platforms: tuple[str, ...]
    cutting: Cutting
    programme: Programme
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Steps in an order in which each follows what it needs, what cannot be done at all, and the cuts.

    `cuts` has one for each reel and encode of which all footage is known.
    """

    steps: tuple[Step, ...]
    failures: tuple[PlanFailure, ...] = ()
    cuts: tuple[ReelCut, ...] = ()

    @property
    def to_run(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.will_run)


# Where something lies, on this machine (what it holds counts as a source) or in the campaign's file: a line put
# in above a title must not draw it again.
_PLACE_FIELDS = frozenset({"model", "where"})

# Fields that came later: as long as they say what was so before, hours of listening stay what they were.
_AS_BEFORE: Mapping[str, object] = {"channel": "both"}
_NO_VALUE = object()

# Words and pictures that people change are sources; everything else in a work value is an option.
_SOURCE_FIELDS = frozenset(
    {"cues", "sidecars", "title", "caption", "element", "transcript", "model_identity"}
)


def entry_for(
    work: Work, *, needs: tuple[str, ...], tools: Mapping[str, str], identity: Mapping[Path, str]
) -> JournalEntry:
    """The digests of a work value; files count by `identity`, their content, and never by their path."""
    named: dict[str, Any] = {
        f.name: value
        for f in fields(work)
        if f.name not in _PLACE_FIELDS
        and (value := getattr(work, f.name)) != _AS_BEFORE.get(f.name, _NO_VALUE)
    }
    spoken = {name: canonical(value) for name, value in named.items() if name in _SOURCE_FIELDS}
    files = [identity[path] for path in paths_in(work)]
    sources = digest_of_json({"files": files, "needs": list(needs), "words": spoken})
    options = digest_of_json(
        {name: canonical(value) for name, value in named.items() if name not in _SOURCE_FIELDS}
    )
    versions = digest_of_json(
        {"tools": dict(tools), "kind": work.kind, "version": _VERSION_OF_KIND[work.kind]}
    )
    return JournalEntry(
        fingerprint=digest_of_json([sources, options, versions]),
        sources=sources,
        options=options,
        tools=versions,
    )
