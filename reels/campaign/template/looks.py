"""A template in a brand's colours and letters: looks for the art room, places for the layout, what `lint` says of both."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reels.art.elements import (
    CardLook,
    CounterLook,
    CoverLook,
    Direction,
    Ground,
    ListLook,
    LowerThirdLook,
    Motion,
    PictureLook,
    PlateLook,
    ProgressLook,
    Shade,
    TitleLook,
)
from reels.campaign.brand import Brand
from reels.campaign.roles import ColourName, colour_of, contrast_problem, font_of
from reels.campaign.showing import CardGround
from reels.campaign.subtitle_style import subtitle_problems
from reels.campaign.template.styles import (
    CardStyle,
    CountdownStyle,
    CounterStyle,
    ListStyle,
    PairStyle,
    PictureStyle,
    PlateStyle,
    Template,
)
from reels.errors import CampaignProblem
from reels.fonts import load_font
from reels.geometry import Raster
from reels.layout import LINE_HEIGHT, SubtitleZone, Zones, scaled

__all__ = [
    "card_ground",
    "card_look",
    "card_shade",
    "counter_look",
    "cover_look",
    "list_look",
    "lower_third_look",
    "lower_third_motion",
    "motion_of",
    "picture_look",
    "plate_look",
    "progress_look",
    "template_problems",
    "title_look",
    "title_motion",
    "zones_of",
]

# --- looks -----------------------------------------------------------------------------------------------


def title_look(template: Template, brand: Brand) -> TitleLook:
    style = template.title
    return TitleLook(
        font=font_of(style.weight, brand),
        size_px=style.size_px,
        text=colour_of(style.text, brand),
        ground=colour_of(style.ground, brand) if style.ground else None,
        accent=colour_of(style.accent, brand),
        outline=colour_of(style.outline, brand),
    )


def lower_third_look(template: Template, brand: Brand) -> LowerThirdLook:
    style = template.lower_third
    return LowerThirdLook(
        name_font=font_of("extrabold", brand),
        role_font=font_of("bold", brand),
        name_size_px=style.name_size_px,
        role_size_px=style.role_size_px,
        text=colour_of(style.text, brand),
        ground=colour_of(style.ground, brand),
        accent=colour_of(style.accent, brand),
    )


def cover_look(template: Template, brand: Brand) -> CoverLook:
    return CoverLook(
        font=font_of("extrabold", brand),
        size_px=template.cover_size_px,
        text=brand.colours.text,
        ground=brand.colours.ground,
        accent=brand.colours.secondary,
    )


def plate_look(style: PlateStyle, brand: Brand) -> PlateLook:
    return PlateLook(
        font=font_of(style.weight, brand),
        size_px=style.size_px,
        text=colour_of(style.text, brand),
        ground=colour_of(style.ground, brand) if style.ground else None,
        accent=colour_of(style.accent, brand),
        outline=colour_of(style.outline, brand),
        opacity=style.opacity,
        bar=style.bar,
        lines=style.lines,
    )


def picture_look(style: PictureStyle | PairStyle, brand: Brand) -> PictureLook:
    return PictureLook(
        font=font_of(style.weight, brand),
        size_px=style.size_px,
        text=colour_of(style.text, brand),
        ground=colour_of(style.ground, brand),
        accent=colour_of(style.accent if isinstance(style, PairStyle) else style.text, brand),
        frame_px=style.frame_px,
    )


def list_look(style: ListStyle, brand: Brand) -> ListLook:
    return ListLook(
        head_font=font_of("extrabold", brand),
        font=font_of("bold", brand),
        head_size_px=style.head_size_px,
        size_px=style.size_px,
        text=colour_of(style.text, brand),
        ground=colour_of(style.ground, brand),
        accent=colour_of(style.accent, brand),
        opacity=style.opacity,
    )


def counter_look(style: CounterStyle | CountdownStyle, brand: Brand) -> CounterLook:
    return CounterLook(
        font=font_of("extrabold", brand),
        label_font=font_of("bold", brand),
        size_px=style.size_px,
        # A countdown has no label.
        label_size_px=style.label_size_px if isinstance(style, CounterStyle) else style.size_px,
        text=colour_of(style.text, brand),
        ground=colour_of(style.ground, brand),
        accent=colour_of(style.accent, brand),
        opacity=style.opacity,
    )


def progress_look(template: Template, brand: Brand) -> ProgressLook:
    style = template.progress
    return ProgressLook(
        colour=colour_of(style.colour, brand),
        ground=colour_of(style.ground, brand),
        height_px=style.height_px,
    )


def card_look(style: CardStyle, brand: Brand, *, on_picture: bool = False) -> CardLook:
    """The words of a card; on a picture or a film they stand on a plate, where the style has one."""
    return CardLook(
        font=font_of(style.weight, brand),
        body_font=font_of("bold", brand),
        text_size_px=style.text_size_px,
        body_size_px=style.body_size_px,
        label_size_px=style.label_size_px,
        text=colour_of(style.text, brand),
        accent=colour_of(style.accent, brand),
        label_text=colour_of(style.label_text, brand),
        label_ground=colour_of(style.label_ground, brand) if style.label_ground else None,
        centred=style.centred,
        plate=colour_of(style.plate, brand) if style.plate and on_picture else None,
        plate_opacity=style.plate_opacity,
    )


def card_ground(style: CardStyle, brand: Brand, wanted: CardGround | None) -> Ground | None:
    """What stands behind a card; None where a film plays there."""
    if wanted is not None and wanted.video is not None:
        return None
    if wanted is not None and wanted.colour is not None:
        return Ground(colour=colour_of(wanted.colour, brand))
    return Ground(
        colour=colour_of(style.ground, brand),
        second=colour_of(style.second, brand) if style.second else None,
        picture=wanted.picture if wanted is not None else None,
        shade=style.shade,
    )


def card_shade(style: CardStyle, brand: Brand) -> Shade:
    """The veil over a film behind a card."""
    return Shade(colour=colour_of(style.ground, brand), opacity=style.shade)


# --- movement and place ----------------------------------------------------------------------------------

_TRAVEL_PX = 110
_TITLE_TRAVEL_PX = 90
_NAME_TRAVEL_PX = 160


def motion_of(direction: Direction, *, raster: Raster, rate: Fraction) -> Motion:
    """How an element comes and goes on `raster` at `rate`."""
    return Motion.at_rate(rate, direction=direction, travel_px=scaled(_TRAVEL_PX, raster))


def title_motion(template: Template, *, raster: Raster, rate: Fraction) -> Motion:
    """How the title comes and goes on `raster` at `rate`."""
    return Motion.at_rate(rate, direction=template.title.motion, travel_px=scaled(_TITLE_TRAVEL_PX, raster))


def lower_third_motion(template: Template, *, raster: Raster, rate: Fraction) -> Motion:
    """How a lower third comes and goes on `raster` at `rate`."""
    return Motion.at_rate(
        rate, direction=template.lower_third.motion, travel_px=scaled(_NAME_TRAVEL_PX, raster)
    )


def zones_of(template: Template, brand: Brand) -> Zones:
    """The template's places, for the layout; the brand's font decides how tall a line is.

    Raises: FontMissing.
    """
    style, where, progress = template.subtitles, template.subtitle_place, template.progress
    font = load_font(font_of(style.weight, brand))
    return Zones(
        subtitles=SubtitleZone(
            size_px=style.size_px,
            lines=style.lines,
            line_height=max(LINE_HEIGHT, font.line_height_px(1)),
            frame_px=style.box.padding_px if style.box else style.outline_px,
            raised_px=where.raised_px,
            centre=where.centre,
            name_size_px=style.speakers.name_size_px if style.speakers else 0,
            second_size_px=style.second.size_px if style.second else 0,
            second_lines=style.second.lines if style.second else 0,
        ),
        title=template.title.zone,
        logo=template.logo.corner,
        logo_width_px=template.logo.width_px,
        progress=progress.zone,
        progress_px=progress.height_px if progress.show else 0,
        logo_clear=brand.logo_rules.clear_space if brand.logo_rules is not None else Fraction(0),
    )


# --- lint ------------------------------------------------------------------------------------------------


def template_problems(template: Template, brand: Brand) -> tuple[CampaignProblem, ...]:
    """What `lint` says about a template in a brand's colours: letters that do not stand out."""
    problems = [
        contrast_problem(f"{template.where} {key}", text, ground, brand, size_px=size)
        for key, text, ground, size in _pairs(template)
    ]
    return (
        *subtitle_problems(template.subtitles, brand, template.where),
        *(problem for problem in problems if problem is not None),
    )


def _pairs(template: Template) -> Iterator[tuple[str, ColourName, ColourName, int]]:
    """Each key of letters, with the letters' colour, what they stand on, and how large the smallest are."""
    title, third = template.title, template.lower_third
    if title.show:
        yield "title.text", title.text, title.ground or title.outline, title.size_px
    if third.show:
        yield "lower_third.text", third.text, third.ground, min(third.name_size_px, third.role_size_px)
    for name in ("chapter", "place", "callout", "hashtags", "ai_label"):
        plate: PlateStyle = getattr(template, name)
        if plate.show:
            yield f"{name}.text", plate.text, plate.ground or plate.outline, plate.size_px
    for name in ("picture", "before_after", "list"):
        style = getattr(template, name)
        yield f"{name}.text", style.text, style.ground, style.size_px
    counter, countdown = template.counter, template.countdown
    yield "counter.text", counter.text, counter.ground, counter.label_size_px
    # The unit is drawn half as large as the number.
    yield "counter.accent", counter.accent, counter.ground, counter.size_px // 2
    yield "countdown.text", countdown.text, countdown.ground, countdown.size_px
    for card in template.cards:
        # The plate stands behind the words on a picture, in place of the ground.
        for ground in (card.ground, card.second, card.plate):
            if ground is not None:
                yield f"cards.{card.name}.text", card.text, ground, card.body_size_px
        if card.label_ground is not None:
            yield f"cards.{card.name}.label_text", card.label_text, card.label_ground, card.label_size_px
