"""Puts manifest and page beside the delivered reels, each by one rename, and never over a file that is not ours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reels.errors import DiskFailed, Language
from reels.kit.collected import collect
from reels.kit.manifest import MANIFEST_SCHEMA, manifest_text
from reels.kit.page import GENERATOR, page_text
from reels.said import said_by_system
from reels.store import write_atomically

__all__ = ["INDEX_FILE", "MANIFEST_FILE", "is_ours", "publish"]

MANIFEST_FILE, INDEX_FILE = "manifest.json", "index.html"

_HEAD_BYTES = 4096
_OURS = {MANIFEST_FILE: f'"{MANIFEST_SCHEMA}"', INDEX_FILE: f'name="generator" content="{GENERATOR} '}


def publish(out_dir: Path, *, campaign: str, order: Sequence[str], language: Language) -> tuple[Path, ...]:
    """Write manifest and page of what lies in `out_dir`; those that were changed.

    Raises: DiskFailed.
    """
    reels = collect(out_dir, order=order)
    if not reels:
        return ()
    texts = {
        MANIFEST_FILE: manifest_text(campaign, reels),
        INDEX_FILE: page_text(campaign, reels, language),
    }
    changed = []
    for name, text in texts.items():
        path = out_dir / name
        try:
            if _stands(path, text):
                continue
            write_atomically(path, text)
        except OSError as error:
            raise DiskFailed(path=str(path), found=said_by_system(error)) from None
        changed.append(path)
    return tuple(changed)


def is_ours(path: Path) -> bool:
    """Whether `path` is a manifest or a page that `publish` wrote, or may write: somebody else's file of that name is theirs.

    Raises: OSError.
    """
    if not path.exists() and not path.is_symlink():
        return True
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return _OURS[path.name] in file.read(_HEAD_BYTES).decode("utf-8", "replace")


def _stands(path: Path, text: str) -> bool:
    """Whether it is to be left as it is: it says the same, or it is not ours."""
    if not is_ours(path):
        return True
    return path.exists() and path.read_text(encoding="utf-8", errors="replace") == text
