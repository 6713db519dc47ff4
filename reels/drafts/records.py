"""What we wrote under which name: the record in the store, the names of what lies beside a draft."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from reels.errors import CampaignProblem, CampaignProblems, printable
from reels.footage import spelled_on_disk
from reels.said import Said
from reels.store import write_atomically

__all__ = [
    "IN_REPORT",
    "REPORT_SCHEMA",
    "DraftRecord",
    "bytes_of",
    "draft_path",
    "draft_record",
    "is_a_report",
    "numbered",
    "offered_beside",
    "report_path",
    "require_no_folder",
    "sha256_of",
    "write_draft_record",
]

REPORT_SCHEMA = "reels/draft/1"

IN_REPORT = "made_from"
"""The report's key under which the record stands once more."""

_LARGEST_REPORT_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRecord:
    """What we last wrote as a draft: a file with another hash has been edited by a person.

    `fingerprint` is the draft step that was dealt with last, whether it wrote the draft or one beside it;
    `sha256` is of the draft's bytes, empty where only a person wrote it; `words` is their `words_digest`.
    `transcript` is the step that heard them, `heard_by` the model's identity, `model` how it was asked for.
    `footage` is the file as messages call it. What was offered beside a person's file has its own hash and
    transcript: once a person puts it in the draft's place, it is ours again.
    """

    fingerprint: str
    sha256: str
    transcript: str = ""
    words: str = ""
    model: str = ""
    heard_by: str = ""
    footage: str = ""
    offered_sha256: str = ""
    offered_transcript: str = ""

    def wrote(self, sha256: str) -> bool:
        """Whether a file with this hash is ours as we left it."""
        return sha256 in (self.sha256, self.offered_sha256) and sha256 != ""

    def heard_in(self, sha256: str) -> str:
        """The transcript behind a draft with this hash, edited or not; empty where none is known."""
        if sha256 != self.sha256 and sha256 == self.offered_sha256:
            return self.offered_transcript
        return self.transcript or self.offered_transcript


def draft_record(store_dir: Path, draft: str, drafts_dir: Path | None = None) -> DraftRecord | None:
    """What the last draft step wrote under this name; None where no such thing is known.

    With `drafts_dir` a store that knows nothing is helped out by the report beside the draft.
    """
    places = [_record_path(store_dir, draft)]
    if drafts_dir is not None:
        places.append(report_path(drafts_dir, draft))
    for place in places:
        try:
            if place.stat().st_size > _LARGEST_REPORT_BYTES:
                continue
            read = json.loads(place.read_text(encoding="utf-8"))
            written = read[IN_REPORT] if place is not places[0] else read
            known = {
                field.name: written[field.name] for field in fields(DraftRecord) if field.name in written
            }
            if all(isinstance(value, str) for value in known.values()):
                return DraftRecord(**known)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
    return None


def write_draft_record(store_dir: Path, draft: str, record: DraftRecord) -> None:
    """Remember what is being written as a draft. Raises: OSError."""
    path = _record_path(store_dir, draft)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(asdict(record)))


def _record_path(store_dir: Path, draft: str) -> Path:
    return store_dir / "drafts" / f"{unicodedata.normalize('NFC', draft)}.json"


def draft_path(drafts_dir: Path, draft: str) -> Path:
    """Where the draft of this name lies, as the disk spells it; a Mac may have decomposed its Hangul."""
    try:
        return spelled_on_disk(drafts_dir / draft)
    except (OSError, ValueError):
        return drafts_dir / draft


def report_path(drafts_dir: Path, draft: str) -> Path:
    """The report of a draft. Another program's JSON of that name is left alone, and the report goes beside it."""
    path = draft_path(drafts_dir, draft).with_suffix(".json")
    if path.is_file() and not is_a_report(path):
        return path.with_suffix(".report.json")
    return path


def is_a_report(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            return REPORT_SCHEMA in file.read(200)
    except (OSError, ValueError):
        return False


def offered_beside(drafts_dir: Path, draft: str) -> tuple[Path, ...]:
    """The newer drafts that lie beside this one, the one that `take_draft` takes first."""
    return tuple(path for path in numbered(drafts_dir, draft, "new", 10) if path.is_file())


def require_no_folder(path: Path, root: Path) -> None:
    """Raises: CampaignProblems where a folder lies at `path`, where a subtitle file is to be; `root` is left out."""
    if not path.is_dir():
        return
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    raise CampaignProblems(
        problems=(
            CampaignProblem(
                where=printable(unicodedata.normalize("NFC", shown)),
                found=Said("a folder of that name", ko="이 이름의 폴더"),
                expected=Said("a subtitle file, or nothing", ko="자막 파일이거나 빈자리"),
                remedy=Said(
                    "rename or move the folder", ko="폴더의 이름을 바꾸거나 다른 곳으로 옮겨 주세요."
                ),
            ),
        )
    )


def numbered(drafts_dir: Path, draft: str, mark: str, count: int) -> list[Path]:
    path = draft_path(drafts_dir, draft)
    marks = [mark, *(f"{mark}.{number}" for number in range(2, count + 1))]
    return [path.with_suffix(f".{m}{path.suffix}") for m in marks]


def bytes_of(path: Path) -> bytes | None:
    """The content of a small file; None where there is none. Raises: OSError otherwise."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
