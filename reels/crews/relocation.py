"""Paths of files that come with reels: on each machine they lie where reels is installed there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from reels.resources import assets_dir, templates_dir

__all__ = ["Relocation"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relocation:
    """Where `assets` and `templates` lie on the machine that a value comes from."""

    assets: Path
    templates: Path

    @classmethod
    def from_here(cls) -> Relocation:
        return cls(assets=assets_dir(), templates=templates_dir())

    def of_path(self, path: Path) -> Path:
        """`path` on this machine: one of a shipped file points to the shipped file here, every other stays."""
        for there, here in ((self.assets, assets_dir()), (self.templates, templates_dir())):
            if path.is_relative_to(there):
                return here / path.relative_to(there)
        return path

    def of(self, value: T) -> T:
        """`value` with every path in it on this machine."""
        if (self.assets, self.templates) == (assets_dir(), templates_dir()):
            return value
        moved: T = self._moved(value)
        return moved

    def _moved(self, value: Any) -> Any:
        if isinstance(value, Path):
            return self.of_path(value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            changed = {}
            for field in dataclasses.fields(value):
                old = getattr(value, field.name)
                new = self._moved(old)
                if new is not old:
                    changed[field.name] = new
            return dataclasses.replace(value, **changed) if changed else value
        if isinstance(value, tuple):
            parts = tuple(map(self._moved, value))
            return parts if any(new is not old for new, old in zip(parts, value, strict=True)) else value
        if isinstance(value, Mapping):
            pairs = {key: self._moved(item) for key, item in value.items()}
            return pairs if any(pairs[key] is not item for key, item in value.items()) else value
        return value
