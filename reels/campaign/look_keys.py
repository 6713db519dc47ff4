"""`lut:` and `stabilise:` of a campaign → how a clip's picture is to be seen.

`schema` has judged the shape of the keys; `load` asks this for each clip and tells the problems. It reads the looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reels.campaign.schema import LookKeys
from reels.campaign.yaml_with_lines import KeyPath
from reels.errors import CampaignProblem, CampaignProblems
from reels.luts import Lut, cube_dimensions

__all__ = ["Look", "look_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a clip's picture is seen: through `lut`, and held still."""

    lut: Lut | None = None
    stabilise: bool = False


def look_of(
    levels: Sequence[tuple[LookKeys, KeyPath]],
    *,
    file: Callable[[str, KeyPath], Path],
    where: Callable[[KeyPath], str],
    problem: Callable[[CampaignProblem], None],
) -> Look:
    """What `levels` say, the farthest first; a nearer one wins, and `lut: null` there takes a look back.

    `file` finds a file that the campaign names, and tells where it is not there; `where` says where a key stands.
    """
    lut: tuple[str, KeyPath] | None = None
    stabilise = False
    for keys, at in levels:
        if "lut" in keys.model_fields_set:
            lut = (keys.lut, (*at, "lut")) if keys.lut is not None else None
        if keys.stabilise is not None:
            stabilise = keys.stabilise
    if lut is None:
        return Look(stabilise=stabilise)
    path = file(*lut)
    if not path.is_file():
        return Look(stabilise=stabilise)
    try:
        return Look(lut=Lut(path=path, dimensions=cube_dimensions(path)), stabilise=stabilise)
    except CampaignProblems as error:
        for one in error.problems:
            problem(replace(one, where=f"{where(lut[1])} ({one.where})"))
        return Look(stabilise=stabilise)
