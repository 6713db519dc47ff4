"""Parts of a long listening, kept in the store until the whole is there.

    .reels/parts/<fingerprint>/0000.json …

A killed run leaves whole parts behind; the next one goes on after the last. They are named by the step's
fingerprint, so no other footage, model or option can take them for its own, and are deleted with the step's end.
The folder can be deleted at any time.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from reels.errors import cannot_write
from reels.store import write_atomically
from reels.transcript import Transcript, TranscriptUnreadable, from_json, to_json

__all__ = ["PartsInStore"]


class PartsInStore:
    """`recognise.KeptParts` of the step with that fingerprint, below the store's folder `root`."""

    def __init__(self, root: Path, fingerprint: str) -> None:
        self._folder = root / "parts" / fingerprint

    def load(self, part: int) -> Transcript | None:
        """The part; a torn or damaged one is as good as none."""
        try:
            return from_json(self._file(part).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, TranscriptUnreadable):
            return None

    def save(self, part: int, transcript: Transcript) -> None:
        """Raises: DiskFailed, OutputNotWritable."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self._file(part), to_json(transcript))
        except OSError as error:
            raise cannot_write(self._folder, error) from None

    def clear(self) -> None:
        """The whole is there: the parts go."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _file(self, part: int) -> Path:
        return self._folder / f"{part:04}.json"
