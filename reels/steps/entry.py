"""A work value → the digests under which its result is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from reels.fingerprint import canonical, digest_of_json, paths_in
from reels.steps.work import Kind, Work
from reels.store import JournalEntry

__all__ = ["entry_for"]

# Raised when the meaning of a kind's result changes, so that no old result is taken for a new one.
_VERSION_OF_KIND: Mapping[Kind, int] = {
    "probe": 3,
    "hearing": 1,
    "transcribe": 3,
    "draft": 2,
    "framing": 3,
    "stabilise": 2,
    "loudness": 2,
    "art": 3,
    "chunk": 4,
    "audio": 3,
    "join": 1,
    "cover": 4,
    "check": 2,
    "deliver": 3,
    "frame": 1,
}

# Where something lies, on this machine (what it holds counts as a source) or in the campaign's file: a line put
# in above a title must not draw it again.
_PLACE_FIELDS = frozenset({"model", "where"})

# Fields that came later: as long as they say what was so before, hours of listening stay what they were.
_AS_BEFORE: Mapping[str, object] = {"channel": "both", "picture": ()}
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
