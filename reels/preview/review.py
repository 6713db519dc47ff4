"""What people say of a reel: a note, and that it may go out. One small JSON file for each reel, beside the campaign.

    review/hello.json    {"schema": "reels/review/1", "note": "…", "approval": {"by", "at", "text", "file"}}

An approval holds the hashes of the words and of the film that were approved. So it ends by itself with any later
edit, whoever made it and with whatever program.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from reels.deliver import safe_name
from reels.errors import OutputNotWritable
from reels.said import Said
from reels.store import write_atomically
from reels.subtitles import Caption, Cue

__all__ = ["Approval", "Review", "read_review", "review_path", "words_hash", "write_review"]

_SCHEMA: Final = "reels/review/1"
_FOLDER: Final = "review"
_LARGEST_BYTES: Final = 1024 * 1024
_LONGEST_NOTE: Final = 20_000
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who approved a reel and when (ISO 8601, UTC); `text` and `file` are the sha256 of what was approved.

    `file` is empty where there was no film yet.
    """

    by: str
    at: str
    text: str
    file: str = ""

    def stands(self, *, text: str, file: str) -> bool:
        """Whether words and film are still those; a film that is made only afterwards changes nothing."""
        return self.text == text and self.file in ("", file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    note: str = ""
    approval: Approval | None = None


def words_hash(captions: Sequence[Cue]) -> str:
    """What is burned in and when: words, lines, times and who speaks, whatever they look like."""
    said = [[str(cue.start), str(cue.end), *_who(cue), *cue.lines] for cue in captions]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _who(cue: Cue) -> tuple[str, str]:
    """The name that stands above the words, and whether they are those of the second language."""
    return (cue.name, str(cue.second)) if isinstance(cue, Caption) else ("", str(False))


def read_review(root: Path, reel: str) -> Review:
    """What was said of a reel; nothing where there is no file, or none that we can read."""
    return _read(review_path(root, reel)) or Review()


def write_review(root: Path, reel: str, review: Review) -> None:
    """Keep what was said of a reel.

    Raises: OutputNotWritable where another program's file stands there, or a later reels'; OSError.
    """
    path = review_path(root, reel)
    if path.exists() and _read(path) is None:
        raise OutputNotWritable(
            where=str(path),
            found=Said("a file that this reels did not write", ko="이 reels가 쓰지 않은 파일"),
        )
    path.parent.mkdir(exist_ok=True)
    approval = asdict(review.approval) if review.approval is not None else None
    if approval is not None:
        approval["by"] = _clean(approval["by"], _LONGEST_NAME)
    content: dict[str, Any] = {
        "schema": _SCHEMA,
        "reel": reel,
        "note": _clean(review.note, _LONGEST_NOTE),
        "approval": approval,
    }
    write_atomically(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _read(path: Path) -> Review | None:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            return None
        read = json.loads(path.read_text(encoding="utf-8"))
        if read["schema"] != _SCHEMA:
            return None
        approval = read["approval"]
        return Review(
            note=_clean(read["note"], _LONGEST_NOTE),
            approval=Approval(**{key: str(approval[key]) for key in ("by", "at", "text", "file")})
            if approval
            else None,
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def review_path(root: Path, reel: str) -> Path:
    """Where it is kept what was said of a reel."""
    return root / _FOLDER / f"{safe_name(reel)}.json"


def _clean(text: str, longest: int) -> str:
    kept = "".join(c for c in str(text) if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", kept)[:longest]
