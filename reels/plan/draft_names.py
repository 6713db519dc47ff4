"""Which draft belongs to which footage: names that stay what they are when files come and go.

Reads names and records only. `plan` and `lint` ask it, `reels.drafts` writes under these names.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from reels.campaign.model import Campaign, Workspace
from reels.deliver import safe_name
from reels.drafts import draft_record
from reels.errors import printable
from reels.fingerprint import digest

__all__ = ["draft_meant_by", "draft_names", "name_shown", "orphan_drafts"]

_BESIDE = re.compile(r"\.(?:new|old|mine)(?:\.\d+)?$")
_ENDINGS = frozenset({".srt", ".vtt", ".ass", ".ssa", ".sbv"})
_ENDINGS_OF_MUCH = frozenset({".smi", ".sub", ".ttml", ".txt"})
"""Of subtitles and of anything else: they only count with the name of a footage file."""
_LANGUAGE = re.compile(r"\.[a-z]{2,3}$")


def name_shown(path: Path, root: Path) -> str:
    """How messages and step ids call a footage file: its place in the campaign, never an absolute path."""
    return printable(path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name)


def draft_names(campaign: Campaign) -> Mapping[tuple[Path, str], str]:
    """The draft's file name (NFC) for each footage file and language, second languages too.

    Its own stem, told apart where two files share one (IMG_0001.MOV and IMG_0001.MP4, or two folders), among all
    reels of the campaign's file: a reel that is rendered alone must find the draft that it has among the others.
    A file that has a draft already keeps its name when another of the same stem comes or goes; of a draft that
    nobody knows the maker of, it is the first in the campaign.
    """
    workspace = campaign.workspace
    used = campaign.footage_and_languages
    place = {path: number for number, (path, _) in reversed([*enumerate(used)])}
    there = _names_there(workspace.drafts_dir)
    names: dict[tuple[Path, str], str] = {}

    def by_stem(path: Path) -> str:
        return _stem(path).casefold()

    for _, sharing in groupby(sorted(place, key=lambda path: (by_stem(path), place[path])), key=by_stem):
        files = list(sharing)
        for language in sorted({language for path, language in used if path in files}):
            chosen = _names_of(files, language, there, workspace)
            names |= {(path, language): chosen[path] for path in files if (path, language) in used}
    return names


def orphan_drafts(campaign: Campaign) -> tuple[Path, ...]:
    """Subtitle files in the drafts folder that nothing reads, in order of their names.

    They belong to no footage of the campaign, or do not end in .srt. A draft in another language, a newer one
    beside it and an old one that was kept belong to its footage.
    """
    names = tuple(draft_names(campaign).values())
    stems = {_LANGUAGE.sub("", _folded(Path(name).stem)) for name in names}
    given = {clip.subtitles for reel in (*campaign.reels, *campaign.other_reels) for clip in reel.clips}
    folder = campaign.workspace.drafts_dir

    def belongs(name: str) -> bool:
        stem = _BESIDE.sub("", _folded(Path(name).stem))
        language = _LANGUAGE.search(stem)
        return language is not None and stem[: language.start()] in stems

    def is_read(name: str) -> bool:
        # A program that saves as WebVTT or ASS, or shouts the ending, leaves the draft as it was.
        return Path(name).suffix == ".srt" or _is_same(folder / Path(name).with_suffix(".srt"), folder / name)

    def is_a_draft(name: str) -> bool:
        ending = Path(name).suffix.lower()
        return ending in _ENDINGS or (ending in _ENDINGS_OF_MUCH and draft_meant_by(name, names) != "")

    found = [name for name in sorted(_listed(folder)) if is_a_draft(name)]
    return tuple(
        folder / name
        for name in found
        if folder / name not in given and not (belongs(name) and is_read(name))
    )


def draft_meant_by(name: str, drafts: Collection[str]) -> str:
    """Which of `drafts` a file with another ending was to be; empty where it carries no footage's name."""
    stem = _BESIDE.sub("", _folded(Path(name).stem))
    found = {_folded(Path(draft).stem): draft for draft in reversed([*drafts])}
    without = {_LANGUAGE.sub("", key): draft for key, draft in reversed(found.items())}
    if Path(name).suffix == ".srt" or not (draft := found.get(stem) or without.get(_LANGUAGE.sub("", stem))):
        return ""
    language = _LANGUAGE.search(stem)
    return _LANGUAGE.sub("", Path(draft).stem) + language[0] + ".srt" if language else draft


def _names_of(
    files: Sequence[Path], language: str, there: frozenset[str], workspace: Workspace
) -> Mapping[Path, str]:
    """A name for each of `files`, which share a stem, in the campaign's order."""
    plain = {path: f"{_stem(path)}.{language}.srt" for path in files}
    # From the way to it: memory cards hold files of one name in several folders.
    marks = {path: digest(os.path.relpath(path, workspace.root))[:6] for path in files}
    names = {path: f"{_stem(path)}-{marks[path]}.{language}.srt" for path in files}
    taken = _folded(plain[files[0]]) in there
    if not taken and len(files) == 1 and _folded(names[files[0]]) not in there:
        return plain
    owner = _owner(plain[files[0]], workspace)  # also of one that was deleted, to be made again
    without = [path for path in files if _folded(names[path]) not in there]
    owning = [path for path in files if name_shown(path, workspace.root) == owner]
    # The maker's own file may have been moved; while it lies where it lay, nobody else gets its words.
    vacant = taken and not (owner and _is_there(workspace.root / owner))
    if not owning and without and (vacant or (len(files) == 1 and not taken)):
        owning = without[:1]
    return names | {path: plain[path] for path in owning[:1]}


def _owner(draft: str, workspace: Workspace) -> str:
    """The footage that a draft was made from, as messages call it; empty where nobody knows."""
    record = draft_record(workspace.store_dir, draft, workspace.drafts_dir)
    return record.footage if record is not None else ""


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a report that somebody has edited may hold any name
        return False


def _stem(path: Path) -> str:
    return safe_name(path.stem, longest_bytes=200)


def _names_there(folder: Path) -> frozenset[str]:
    return frozenset(_folded(name) for name in _listed(folder))


def _is_same(path: Path, other: Path) -> bool:
    """Two ways to write one name, as systems that ignore case see them."""
    try:
        return path.samefile(other)
    except OSError:
        return False


def _listed(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir()]
    except OSError:
        return []


def _folded(name: str) -> str:
    """As systems compare names that ignore case and normal form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
