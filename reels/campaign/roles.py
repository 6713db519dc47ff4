"""What a template or a subtitle style names instead of saying it: colours by their role, faces by their weight.

A brand makes colours and font files of the names, so that every look fits every brand.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from reels.art.colour import BLACK, WHITE, Colour, contrast_ratio, least_contrast
from reels.campaign.brand import Brand
from reels.campaign.brand_keys import ColourName, FontWeight
from reels.errors import CampaignProblem
from reels.resources import fonts_dir
from reels.said import Said

__all__ = ["ColourName", "FontWeight", "colour_of", "contrast_problem", "font_of", "logo_on"]

_FONT_FILES: dict[FontWeight, str] = {"bold": "Pretendard-Bold.otf", "extrabold": "Pretendard-ExtraBold.otf"}


def font_of(weight: FontWeight, brand: Brand) -> Path:
    """The brand's own face of that weight, or its only one; without any the shipped one."""
    own = [font.path for font in brand.fonts if font.weight in (weight, None)]
    others = [font.path for font in brand.fonts]
    return next(iter([*own, *others]), fonts_dir() / _FONT_FILES[weight])


def logo_on(ground: Colour, brand: Brand) -> Path | None:
    """The drawing of the brand's mark for a plain ground; None where the brand has no mark."""
    rules = brand.logo_rules
    if rules is None:
        return brand.logo
    is_dark = contrast_ratio(ground, WHITE) >= contrast_ratio(ground, BLACK)
    return (rules.on_dark if is_dark else rules.on_light) or brand.logo


def colour_of(name: ColourName, brand: Brand) -> Colour:
    if name == "white":
        return WHITE
    if name == "black":
        return BLACK
    return brand.colours.of(name)


def contrast_problem(
    where: str, text: ColourName, ground: ColourName, brand: Brand, *, size_px: int = 0
) -> CampaignProblem | None:
    """What `lint` says where letters in `text` do not stand out from `ground` in a brand's colours.

    Large letters, told by `size_px`, need less; 0: letters of any size.
    """
    letters, behind = colour_of(text, brand), colour_of(ground, brand)
    ratio = contrast_ratio(letters, behind)
    needed = least_contrast(size_px)
    if ratio >= needed:
        return None
    choice, least = ", ".join(get_args(ColourName)), f"{float(needed):g}"
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
