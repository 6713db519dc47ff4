"""What is known right now: file identities, drafts on disk, stored results. The planner asks only this.

Reads small things (a draft, a transcript, a result's record, a few blocks of a footage file) and remembers them
while the files stand still. Runs and writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

from reels.campaign.model import Workspace
from reels.cues import CueRules, segment_words
from reels.drafts import DraftRecord, draft_path, draft_record, require_no_folder
from reels.errors import CampaignProblem, CampaignProblems, FontMissing
from reels.fingerprint import sha256_of_file
from reels.footage import find_footage, require_file
from reels.framing import Framing, FramingUnreadable, framing_from_json
from reels.media import MediaInfo, MediaInfoUnreadable, from_json
from reels.probe import glance
from reels.recognise import read_finished
from reels.said import Said, said_by_system
from reels.steadying import Steady, SteadyUnreadable, steady_from_json
from reels.steps import SourceFile
from reels.store import JournalEntry, Result, Store
from reels.subtitles import Cue, read_subtitle_file
from reels.transcript import Transcript, Word
from reels.transcript import from_json as transcript_from_json

__all__ = ["DraftState", "HeardWords", "Survey"]

_FONTS = (".ttf", ".otf")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftState:
    """A subtitle file as it is on disk, in source time; `numbers` are those of its cues in the file's own order."""

    sha256: str
    cues: tuple[Cue, ...]
    numbers: tuple[int, ...] = ()


class HeardWords(Sequence[Word]):
    """The words of a transcript, read when first looked at: few plans do, and an hour of speech takes a while."""

    def __init__(self, survey: Survey, fingerprint: str) -> None:
        self._survey = survey
        self._fingerprint = fingerprint
        self._words: tuple[Word, ...] | None = None

    def _read(self) -> tuple[Word, ...]:
        if self._words is None:
            heard = self._survey.transcript(self._fingerprint)
            self._words = heard.words if heard is not None else ()
        return self._words

    @overload
    def __getitem__(self, index: int) -> Word: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Word, ...]: ...
    def __getitem__(self, index: int | slice) -> Word | tuple[Word, ...]:
        return self._read()[index]

    def __len__(self) -> int:
        return len(self._read())


class Survey:
    """A view of one campaign's store and folders."""

    def __init__(self, workspace: Workspace, store: Store) -> None:
        self.workspace = workspace
        self.store = store
        self._identities: dict[tuple[str, int, int], str] = {}
        self._stamps: dict[Path, tuple[str, int, int]] = {}
        self._drafts: dict[tuple[str, int, int], DraftState] = {}
        self._media: dict[str, MediaInfo] = {}
        self._transcripts: dict[str, Transcript] = {}
        self._framings: dict[str, Framing] = {}
        self._steadies: dict[str, Steady] = {}
        self._glanced: dict[tuple[str, int, int], bool] = {}

    def result(self, fingerprint: str) -> Result | None:
        return self.store.result(fingerprint)

    def last_made(self, step_id: str) -> JournalEntry | None:
        return self.store.last_made(step_id)

    def footage_identity(self, path: Path) -> str:
        """The content identity of a footage file, wherever it lies and whatever it is called.

        Raises: FootageMissing, FootageRefused.
        """
        key = self._stamps[path] = _stamp(require_file(path))
        if key not in self._identities:
            self._identities[key] = find_footage(path).identity
        return self._identities[key]

    def file_identity(self, path: Path) -> str:
        """The sha256 of a small file: a logo, a font, a look.

        Raises: FontMissing, CampaignProblems where it cannot be read (any more).
        """
        try:
            key = self._stamps[path] = _stamp(path)
            if key not in self._identities:
                self._identities[key] = sha256_of_file(path)
        except OSError as error:
            if path.suffix.lower() in _FONTS:
                raise FontMissing(path=str(path), found=said_by_system(error)) from None
            raise CampaignProblems(problems=(_unreadable(path, error),)) from None
        return self._identities[key]

    def source_file(self, path: Path) -> SourceFile:
        """How a file stood when its identity was last asked for.

        Raises: KeyError for a file whose identity nobody asked for.
        """
        _, size, mtime_ns = self._stamps[path]
        return SourceFile(path=path, size=size, mtime_ns=mtime_ns)

    def media(self, fingerprint: str) -> MediaInfo | None:
        """What the probe with this fingerprint found; None where it has not run."""
        if fingerprint not in self._media:
            result = self.store.result(fingerprint)
            if result is None:
                return None
            try:
                text = result.file("media.json").read_text(encoding="utf-8")
                self._media[fingerprint] = from_json(text)
            except (OSError, KeyError, UnicodeDecodeError, MediaInfoUnreadable):
                return None
        return self._media[fingerprint]

    def glance(self, path: Path) -> bool:
        """Make sure that a footage file opens and shows a picture, once while it stands still.

        Returns whether there is sound to listen to. Raises: FootageError.
        """
        key = _stamp(require_file(path))
        if key not in self._glanced:
            self._glanced[key] = glance(path)
        return self._glanced[key]

    def subtitles(self, path: Path) -> DraftState | None:
        """The words of a subtitle file, or of a finished transcript (Whisper's JSON); None where there is none.

        Raises: SubtitlesUnreadable; CampaignProblems where a folder stands in its place.
        """
        require_no_folder(path, self.workspace.root)
        if not path.is_file():
            return None
        key = _stamp(path)
        if key not in self._drafts:
            numbers: tuple[int, ...]
            if path.suffix.lower() == ".json":
                finished = read_finished(path)
                cues, numbers = segment_words(finished, CueRules.for_language(finished.language)), ()
            else:
                file = read_subtitle_file(path)
                cues, numbers = file.cues, file.numbers
            self._drafts[key] = DraftState(sha256=sha256_of_file(path), cues=cues, numbers=numbers)
        return self._drafts[key]

    def draft(self, name: str) -> DraftState | None:
        """The draft of this name as it is on disk; None where there is none.

        Raises: SubtitlesUnreadable.
        """
        return self.subtitles(draft_path(self.workspace.drafts_dir, name))

    def draft_record(self, draft: str) -> DraftRecord | None:
        """What the last draft step wrote under this name."""
        return draft_record(self.workspace.store_dir, draft, self.workspace.drafts_dir)

    def transcript(self, fingerprint: str) -> Transcript | None:
        """What the transcription with this fingerprint heard; None where the store has it no more."""
        if fingerprint not in self._transcripts:
            result = self.store.result(fingerprint) if fingerprint else None
            if result is None:
                return None
            try:
                text = result.file("transcript.json").read_text(encoding="utf-8")
                self._transcripts[fingerprint] = transcript_from_json(text)
            except (OSError, KeyError, ValueError):
                return None
        return self._transcripts[fingerprint]

    def heard(self, draft: str) -> Transcript | None:
        """What was heard for the draft of this name, edited or not; None where the store has it no more.

        Raises: SubtitlesUnreadable.
        """
        state, record = self.draft(draft), self.draft_record(draft)
        if state is None or record is None:
            return None
        return self.transcript(record.heard_in(state.sha256))

    def framing(self, fingerprint: str) -> Framing | None:
        """What the framing step with this fingerprint found; None where it has not run."""
        if fingerprint not in self._framings:
            result = self.store.result(fingerprint)
            if result is None:
                return None
            try:
                text = result.file("framing.json").read_text(encoding="utf-8")
                self._framings[fingerprint] = framing_from_json(text)
            except (OSError, KeyError, UnicodeDecodeError, FramingUnreadable):
                return None
        return self._framings[fingerprint]

    def steady(self, fingerprint: str) -> Steady | None:
        """What the stabilise step with this fingerprint found; None where it has not run."""
        if fingerprint not in self._steadies:
            result = self.store.result(fingerprint)
            if result is None:
                return None
            try:
                text = result.file("steady.json").read_text(encoding="ascii")
                self._steadies[fingerprint] = steady_from_json(text)
            except (OSError, KeyError, UnicodeDecodeError, SteadyUnreadable):
                return None
        return self._steadies[fingerprint]

    def is_delivered(self, facts: Any) -> bool:
        """Whether every file that a deliver step handed over still lies there with its size."""
        files = facts.get("files", {})
        out = self.workspace.out_dir
        return bool(files) and all(_size(out / name) == size for name, size in files.items())


def _stamp(path: Path) -> tuple[str, int, int]:
    """Raises: OSError."""
    status = path.stat()
    return str(path), status.st_size, status.st_mtime_ns


def _unreadable(path: Path, error: OSError) -> CampaignProblem:
    return CampaignProblem(
        where=path.name,
        found=said_by_system(error),
        expected=Said("a file that can be read", ko="읽을 수 있는 파일"),
        remedy=Said(
            "put it back, or take it out of the campaign or the brand",
            ko="파일을 다시 넣거나, 캠페인이나 브랜드에서 빼 주세요.",
        ),
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
