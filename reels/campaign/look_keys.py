"""`lut:` and `stabilise:` of a campaign → how a clip's picture is to be seen.

`schema` has judged the shape of the keys; `load` asks this for each clip and tells the problems. It reads the looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reels.campaign.reading import Reading
from reels.campaign.schema import LookKeys
from reels.campaign.yaml_with_lines import KeyPath
from reels.errors import CampaignProblems
from reels.footage import existing_file
from reels.luts import Lut, cube_dimensions

__all__ = ["Look", "look_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a clip's picture is seen: through `lut`, and held still."""

    lut: Lut | None = None
    stabilise: bool = False


def look_of(levels: Sequence[tuple[LookKeys, KeyPath]], reading: Reading) -> Look:
    """What `levels` say, the farthest first; a nearer one wins, and `lut: null` there takes a look back."""
    lut: tuple[str, KeyPath] | None = None
    stabilise = False
    for keys, at in levels:
        if "lut" in keys.model_fields_set:
            lut = (keys.lut, (*at, "lut")) if keys.lut is not None else None
        if keys.stabilise is not None:
            stabilise = keys.stabilise
    if lut is None:
        return Look(stabilise=stabilise)
    path = existing_file(reading.file(*lut))
    if path is None:
        return Look(stabilise=stabilise)
    try:
        return Look(lut=Lut(path=path, dimensions=cube_dimensions(path)), stabilise=stabilise)
    except CampaignProblems as error:
        for one in error.problems:
            reading.problem(replace(one, where=f"{reading.where(lut[1])} ({one.where})"))
        return Look(stabilise=stabilise)
