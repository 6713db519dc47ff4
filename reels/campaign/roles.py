"""What a template or a subtitle style names instead of saying it: colours by their role, faces by their weight.

A brand makes colours and font files of the names, so that every look fits every brand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from reels.art.colour import BLACK, LEAST_CONTRAST, WHITE, Colour, contrast_ratio
from reels.campaign.brand import Brand
from reels.errors import CampaignProblem
from reels.resources import fonts_dir
from reels.said import Said

__all__ = ["ColourName", "FontWeight", "colour_of", "contrast_problem", "font_of"]

FontWeight = Literal["bold", "extrabold"]
_FONT_FILES: dict[FontWeight, str] = {"bold": "Pretendard-Bold.otf", "extrabold": "Pretendard-ExtraBold.otf"}

ColourName = Literal["primary", "secondary", "text", "ground", "white", "black"]
"""A role of the brand, or one of the two colours that every brand has."""


def font_of(weight: FontWeight, brand: Brand) -> Path:
    """The brand's own font for everything, else the shipped one of that weight."""
    return brand.font or fonts_dir() / _FONT_FILES[weight]


def colour_of(name: ColourName, brand: Brand) -> Colour:
    if name == "white":
        return WHITE
    if name == "black":
        return BLACK
    return brand.colours.of(name)


def contrast_problem(
    where: str, text: ColourName, ground: ColourName, brand: Brand
) -> CampaignProblem | None:
    """What `lint` says where letters in `text` do not stand out from `ground` in a brand's colours."""
    letters, behind = colour_of(text, brand), colour_of(ground, brand)
    ratio = contrast_ratio(letters, behind)
    if ratio >= LEAST_CONTRAST:
        return None
    choice, least = ", ".join(get_args(ColourName)), float(LEAST_CONTRAST)
    return CampaignProblem(
        where=where,
        found=Said(
            f"{text} {letters} on {ground} {behind} of {brand.where}, {ratio:.1f}:1",
            ko=f"{brand.where}의 {ground} {behind} 위 {text} {letters}, {ratio:.1f}:1",
        ),
        expected=Said(f"a contrast of at least {least}:1", ko=f"{least}:1 이상의 대비"),
        remedy=Said(
            f"name another colour in the template ({choice}) or mend the brand",
            ko=f"템플릿에서 다른 색({choice})을 고르거나 브랜드를 고쳐 주세요.",
        ),
    )
