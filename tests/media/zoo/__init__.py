"""A zoo of footage: every oddity met in life, made tiny and deterministic, each counting its own frames.

`Zoo` makes a kind when it is first asked for and keeps it. `pictures` draws and reads, `filming` writes masters,
`kinds` says what there is and what is true of it.
"""

from __future__ import annotations

from pathlib import Path

from tests.media.zoo.filming import film_master, made_of_master
from tests.media.zoo.kinds import KINDS, Kind

__all__ = ["KINDS", "Kind", "Zoo"]


class Zoo:
    """Footage in one folder, each made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """The file of the kind `name`."""
        kind = KINDS[name]
        path = self.folder / kind.file
        if not path.exists():
            master = film_master(kind.take, self.folder / f"{path.stem} master.nut")
            made_of_master(master, kind.steps, path)
            master.unlink()
            if kind.kept < 1:
                whole = path.read_bytes()
                path.write_bytes(whole[: round(len(whole) * kind.kept)])
        return path
