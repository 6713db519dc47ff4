"""The rules about the brand: its files, its mark where templates put it, its letters and its licences.

Opens the logos, fonts and clips of a brand, which `campaign.brand` does not. `campaign` beside it asks.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from reels.art.colour import Colour, contrast_ratio
from reels.art.logo import draw_logo, measure_logo
from reels.art.opening import open_picture
from reels.campaign.brand import Brand, BrandClip, BrandFont, LogoRules
from reels.campaign.model import Campaign, ReelSpec
from reels.campaign.roles import colour_of, logo_on
from reels.campaign.template import zones_of
from reels.errors import ReelsError
from reels.fonts import SYLLABLES, USUAL_SYLLABLES, load_font
from reels.footage import content_identity
from reels.geometry import Raster
from reels.layout import stage_of
from reels.lint.finding import Finding, of_refusal
from reels.lint.rules import Severity
from reels.plan.delivery import common_keep_clear, common_safe_area
from reels.plan.encodes import encodes_for
from reels.platforms import Platform
from reels.probe import glance
from reels.said import Said

__all__ = ["brand_findings"]

_COLUMNS = 1080
_JUDGED_IN = Raster(240, 240)
_LEAST_CONTRAST_OF_A_MARK = 3
"""Source: WCAG 2.2, 1.4.11 (graphical objects)."""
_LEAST_SHARE = 0.2
"""Of a mark that must be told from its ground. The mean of a mark of many colours is a colour that is nowhere in it."""
_SIGNS = "".join(map(chr, range(0x21, 0x7F))) + "·…‘’“”「」《》~×→℃㎡"


def brand_findings(campaign: Campaign) -> Iterator[Finding]:
    """What is wrong with the brands of a campaign and with how its reels show them."""
    unusable: dict[Brand, bool] = {}
    for brand in dict.fromkeys(reel.brand for reel in campaign.reels):
        refused = list(_files(brand))
        unusable[brand] = bool(refused)
        yield from refused
        if not refused:
            yield from _fonts(brand)
            yield from _grounds(brand)
        yield from _licences(brand)
    for reel in campaign.reels:
        yield from _music(reel)
        if not unusable[reel.brand]:
            yield from _shown_logo(reel)


# --- files -----------------------------------------------------------------------------------------------


def _files(brand: Brand) -> Iterator[Finding]:
    """Every file of the brand that cannot be used."""
    rules = brand.logo_rules or LogoRules()
    marks = [("logo", brand.logo), ("logo.on_dark", rules.on_dark), ("logo.on_light", rules.on_light)]
    if brand.kogl is not None:
        marks.append(("kogl.mark", brand.kogl.mark))
    clips = [
        (key, clip) for key, clip in (("intro", brand.intro), ("outro", brand.outro)) if clip is not None
    ]
    tries: list[tuple[str, Callable[[], object]]] = [
        *((key, partial(draw_logo, path, room=_JUDGED_IN)) for key, path in marks if path is not None),
        *((key, partial(_open_clip, key, clip)) for key, clip in clips),
        *((_key_of(font), partial(load_font, font.path)) for font in brand.fonts),
    ]
    for key, opened in tries:
        try:
            opened()
        except ReelsError as error:
            expected = Said("a file that opens and can be drawn", ko="열리고 그릴 수 있는 파일")
            yield of_refusal(error, "brand.file", where=f"{brand.where} {key}", expected=expected)


def _open_clip(key: str, clip: BrandClip) -> None:
    """Raises: ReelsError where the render could not show it."""
    if clip.seconds is None:
        glance(clip.path)
    else:
        open_picture(clip.path, size=_JUDGED_IN, what=Said(key, ko=key))


def _key_of(font: BrandFont) -> str:
    return f"fonts.{font.weight}" if font.weight else "font"


# --- letters ---------------------------------------------------------------------------------------------


def _fonts(brand: Brand) -> Iterator[Finding]:
    for font in brand.fonts:
        where = f"{brand.where} {_key_of(font)}"
        face = load_font(font.path)
        usual, all_of_them, signs = (face.missing(text) for text in (USUAL_SYLLABLES, SYLLABLES, _SIGNS))
        if usual:
            yield _lacking(where, "error", usual, len(USUAL_SYLLABLES), "usual syllables", "자주 쓰는 음절")
        elif all_of_them:
            yield _lacking(where, "warning", all_of_them, len(SYLLABLES), "syllables", "음절")
        if signs:
            yield _lacking(where, "warning", signs, len(_SIGNS), "letters and signs", "글자와 기호")
        if not (font.licence and font.attribution):
            yield Finding(
                rule="brand.font-licence",
                severity="warning",
                where=where,
                found=Said(
                    f"{font.path.name} without a licence", ko=f"사용 조건을 적지 않은 {font.path.name}"
                ),
                expected=Said(
                    "`fonts` with `licence` and `attribution`", ko="`licence`와 `attribution`을 적은 `fonts`"
                ),
            )


def _lacking(
    where: str, severity: Severity, missing: tuple[str, ...], of: int, what: str, what_ko: str
) -> Finding:
    some = " ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
    return Finding(
        rule="brand.font-hangul",
        severity=severity,
        where=where,
        found=Said(
            f"{len(missing)} of {of:,} {what} missing: {some}",
            ko=f"{what_ko} {of:,}자 가운데 없는 {len(missing)}자: {some}",
        ),
        expected=Said("a font that draws them all", ko="모두 그리는 글꼴"),
    )


# --- the mark --------------------------------------------------------------------------------------------


def _grounds(brand: Brand) -> Iterator[Finding]:
    """The grounds that the brand allows and on which its own mark cannot be told."""
    rules = brand.logo_rules
    if brand.logo is None or rules is None:
        return
    for name in rules.grounds:
        if name == "footage":
            continue  # any colour; that is what `footage` in the list says
        ground = colour_of(name, brand)
        mark = logo_on(ground, brand)
        share = _standing_out(mark, ground) if mark is not None else 1.0
        if mark is not None and share < _LEAST_SHARE:
            yield Finding(
                rule="brand.logo-ground",
                severity="warning",
                where=f"{brand.where} logo.grounds",
                found=Said(
                    f"{share:.0%} of {mark.name} stands out from {name} {ground}",
                    ko=f"{name} {ground} 위에서 구별되는 {mark.name}의 {share:.0%}",
                ),
                expected=Said(
                    f"at least {_LEAST_SHARE:.0%} with a contrast of {_LEAST_CONTRAST_OF_A_MARK}:1; "
                    "name another drawing as on_dark or on_light",
                    ko=f"대비 {_LEAST_CONTRAST_OF_A_MARK}:1로 {_LEAST_SHARE:.0%} 이상. "
                    "on_dark나 on_light에 다른 그림을 적어 주세요",
                ),
            )


def _standing_out(mark: Path, ground: Colour) -> float:
    """The share of the mark's own pixels, those that are not clear, that can be told from `ground`."""
    pixels = np.asarray(draw_logo(mark, room=_JUDGED_IN)).reshape(-1, 4)
    colours, counts = np.unique(pixels[pixels[:, 3] >= 128, :3] & 0xFC, axis=0, return_counts=True)
    if not counts.size:
        return 0.0
    ratios = (contrast_ratio(Colour(*map(int, colour)), ground) for colour in colours)
    out = sum(
        int(count) for ratio, count in zip(ratios, counts, strict=True) if ratio >= _LEAST_CONTRAST_OF_A_MARK
    )
    return out / int(counts.sum())


def _shown_logo(reel: ReelSpec) -> Iterator[Finding]:
    """How the reel's template shows the mark, against what the brand asks."""
    rules, style = reel.brand.logo_rules, reel.template.logo
    if reel.brand.logo is None or rules is None:
        return
    yield from _on_end_card(reel, rules)
    if not style.show:
        return
    where = f"{reel.template.where} logo"
    if rules.grounds and "footage" not in rules.grounds:
        found = Said("the logo on the picture itself", ko="영상 위에 바로 놓인 로고")
        yield _wrong_ground(reel, rules, where, found)
    # What is too small in one picture is so in another of its size: told once, for the first that shows it.
    told: dict[str, Finding] = {}
    for platforms in (encode.platforms for encode in encodes_for(reel.platforms)):
        for finding in _logo_against_rules(reel, reel.brand.logo, rules, platforms, where):
            told.setdefault(finding.rule, finding)
    yield from told.values()


def _on_end_card(reel: ReelSpec, rules: LogoRules) -> Iterator[Finding]:
    end = reel.template.end_card
    card = reel.template.card(end.card)
    shown = end.show if reel.end_card is None else reel.end_card
    if not shown or card is None or not rules.grounds:
        return
    # The mark stands at its head; what the ground runs into is below.
    if card.ground not in rules.grounds:
        found = Said(f"the logo on {card.ground}", ko=f"{card.ground} 위의 로고")
        yield _wrong_ground(reel, rules, f"{reel.template.where} cards.{card.name}", found)


def _wrong_ground(reel: ReelSpec, rules: LogoRules, where: str, found: Said) -> Finding:
    return Finding(
        rule="brand.logo-ground",
        severity="warning",
        where=where,
        found=found,
        expected=Said(
            f"on {', '.join(rules.grounds)}, as {reel.brand.where} says",
            ko=f"{reel.brand.where}에 적은 대로 {', '.join(rules.grounds)} 위",
        ),
    )


def _logo_against_rules(
    reel: ReelSpec, logo: Path, rules: LogoRules, platforms: Sequence[Platform], where: str
) -> Iterator[Finding]:
    raster = platforms[0].raster
    try:
        safe, clear = common_safe_area(platforms), common_keep_clear(platforms)
        room = stage_of(raster, safe, zones_of(reel.template, reel.brand), keep_clear=clear).logo_room
    except ReelsError:
        return  # told by `reel.layout`
    shown = measure_logo(logo, room=room)
    least = rules.min_width_px * raster.width // _COLUMNS
    least -= least % 2  # logos have even sides
    if shown.width < least:
        yield Finding(
            rule="brand.logo-size",
            severity="warning",
            where=f"{where}.width_px",
            found=Said(f"a logo {shown.width} px wide", ko=f"너비 {shown.width}픽셀인 로고"),
            expected=Said(
                f"at least {least} px, as {reel.brand.where} says",
                ko=f"{reel.brand.where}에 적은 대로 {least}픽셀 이상",
            ),
        )
    wanted = math.ceil(rules.clear_space * shown.height)
    side = safe.left if reel.template.logo.corner == "top-left" else raster.width - safe.right
    # What stands below keeps the distance that the brand wants; beside it and above it the picture ends.
    free = min(side, safe.top)
    if free < wanted:
        yield Finding(
            rule="brand.logo-space",
            severity="warning",
            where=where,
            found=Said(
                f"{free} px free around a logo {shown.height} px high",
                ko=f"높이 {shown.height}픽셀인 로고 둘레에 빈 {free}픽셀",
            ),
            expected=Said(
                f"at least {wanted} px, as {reel.brand.where} says; choose a smaller logo.width_px",
                ko=f"{reel.brand.where}에 적은 대로 {wanted}픽셀 이상. logo.width_px를 줄여 주세요",
            ),
        )


# --- licences --------------------------------------------------------------------------------------------


def _licences(brand: Brand) -> Iterator[Finding]:
    if brand.kogl is not None and brand.kogl.type != 0 and not brand.credit:
        yield Finding(
            rule="brand.kogl",
            severity="warning",
            where=f"{brand.where} kogl",
            found=Said(f"type {brand.kogl.type} without a credit", ko=f"출처 없는 제{brand.kogl.type}유형"),
            expected=Said(
                "a `credit`: others have to name you", ko="`credit`에 적은 출처: 쓰는 사람이 밝혀야 합니다"
            ),
        )


def _music(reel: ReelSpec) -> Iterator[Finding]:
    """Music that the brand does not list, where it lists any."""
    if reel.music is None or not reel.brand.music:
        return
    path = reel.music.path
    # The brand's names are composed; a Mac's disk may spell them apart.
    name = unicodedata.normalize("NFC", path.name)
    if any(piece.name == name or piece.path == path for piece in reel.brand.music):
        return
    try:
        content = content_identity(path)
        if any(piece.path and content_identity(piece.path) == content for piece in reel.brand.music):
            return
    except (ReelsError, OSError):
        return  # told where music is read
    titles = ", ".join(piece.title for piece in reel.brand.music[:3])
    more = " …" if len(reel.brand.music) > 3 else ""
    yield Finding(
        rule="brand.music-licence",
        severity="warning",
        where=reel.music.where,
        found=path.name,
        expected=Said(
            f"music that {reel.brand.where} lists: {titles}{more}",
            ko=f"{reel.brand.where}에 적힌 음악: {titles}{more}",
        ),
    )
