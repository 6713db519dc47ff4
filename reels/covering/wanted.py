"""What a person may ask of the cover, as a value. `campaign` reads it, `plan` follows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["AUTO_COVER", "WantedCover"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCover:
    """The frame at a time of the programme as written (`4.2`, `120f`), a picture, or the best frame there is.

    `title` None is the reel's own, empty: no title. `where` says who asks, in messages.
    """

    at: str | None = None
    file: Path | None = None
    title: str | None = None
    where: str = ""

    def __post_init__(self) -> None:
        if self.at is not None and self.file is not None:
            raise ValueError("a cover is a frame or a picture, not both")


AUTO_COVER = WantedCover()
