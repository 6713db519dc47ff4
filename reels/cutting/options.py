"""What is to be cut, as frozen values; the campaign's `cut:` becomes these.

Holds no judgement. `campaign.schema` reads people's numbers, `silence` and its neighbours use them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["NO_CUTS", "CutOptions", "FillerOptions", "SilenceOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceOptions:
    """Pauses of at least `least` seconds are shortened to `after` seconds behind a voice and `before` ahead of one."""

    least: Fraction = Fraction(7, 10)
    before: Fraction = Fraction(3, 20)
    after: Fraction = Fraction(1, 4)

    def __post_init__(self) -> None:
        if min(self.before, self.after) < 0 or self.least <= self.before + self.after:
            raise ValueError(f"a pause of {self.least} s has no room for {self.after} s and {self.before} s")


@dataclass(frozen=True, slots=True, kw_only=True)
class FillerOptions:
    """Filler words go, but not those in `keep`: words as written, or times in the source as people write them."""

    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOptions:
    """What a reel cuts; None or False: nothing of that kind.

    `text`: what the draft has no more goes. `to_fit`: where the reel is too long for its platforms, its weakest parts
    go. No piece that is left is shorter than `shortest` seconds.
    """

    silence: SilenceOptions | None = None
    fillers: FillerOptions | None = None
    text: bool = False
    to_fit: bool = False
    shortest: Fraction = Fraction(2, 5)

    @property
    def cuts(self) -> bool:
        return self.silence is not None or self.fillers is not None or self.text or self.to_fit


NO_CUTS = CutOptions()
