"""The one door to what is drawn: any element → its raster, its pictures over time.

Which module draws which kind stands here and nowhere else. Before it stand `elements`; `motion` makes a clip of a scene.
"""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from reels.art.cards import measure_card, scene_of_card
from reels.art.counters import (
    measure_countdown,
    measure_counter,
    measure_progress,
    scene_of_countdown,
    scene_of_counter,
    scene_of_progress,
)
from reels.art.elements import (
    BeforeAfterElement,
    CardElement,
    CountdownElement,
    CounterElement,
    Element,
    EndElement,
    ListElement,
    LowerThirdElement,
    PictureElement,
    PlateElement,
    ProgressElement,
    TitleElement,
)
from reels.art.end_card import draw_end_card, measure_end_card
from reels.art.lists import measure_list, scene_of_list
from reels.art.lower_third import draw_lower_third, measure_lower_third
from reels.art.pictures import draw_picture, measure_before_after, measure_picture, scene_of_before_after
from reels.art.plates import draw_plate, measure_plate
from reels.art.scene import Scene, still_scene
from reels.art.title import draw_title, measure_title
from reels.geometry import Raster

__all__ = ["measure", "scene_of"]


def measure(element: Element, *, raster: Raster, room: Raster, where: str) -> Raster:
    """The even raster of the clip that shows `element` in a picture of `raster`; never larger than `room`.

    Nothing is drawn, and of picture files no more than the header is read. `where` names the element in messages.

    Raises: GlyphMissing, FontMissing, CampaignProblems where the element does not fit.
    """
    match element:
        case TitleElement():
            return measure_title(element, raster=raster, room=room, where=where)
        case LowerThirdElement():
            return measure_lower_third(element, raster=raster, room=room, where=where)
        case PlateElement():
            return measure_plate(element, raster=raster, room=room, where=where)
        case ListElement():
            return measure_list(element, raster=raster, room=room, where=where)
        case CardElement():
            return measure_card(element, raster=raster, room=room, where=where)
        case PictureElement():
            return measure_picture(element, raster=raster, room=room, where=where)
        case BeforeAfterElement():
            return measure_before_after(element, raster=raster, room=room, where=where)
        case CounterElement():
            return measure_counter(element, raster=raster, room=room, where=where)
        case CountdownElement():
            return measure_countdown(element, raster=raster, room=room, where=where)
        case ProgressElement():
            return measure_progress(element, raster=raster, room=room, where=where)
        case EndElement():
            return measure_end_card(element, raster=raster, room=room, where=where)
        case _:
            assert_never(element)


def scene_of(element: Element, *, raster: Raster, room: Raster, rate: Fraction, where: str) -> Scene:
    """What `element` shows in each of its frames, before its motion lets it come and go; as large as measured.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    match element:
        case TitleElement():
            picture = draw_title(element, raster=raster, room=room, where=where)
            return still_scene(picture, element.frames)
        case LowerThirdElement():
            picture = draw_lower_third(element, raster=raster, room=room, where=where)
            return still_scene(picture, element.frames)
        case PlateElement():
            picture = draw_plate(element, raster=raster, room=room, where=where)
            return still_scene(picture, element.frames)
        case ListElement():
            return scene_of_list(element, raster=raster, room=room, rate=rate, where=where)
        case CardElement():
            return scene_of_card(element, raster=raster, room=room, rate=rate, where=where)
        case PictureElement():
            picture = draw_picture(element, raster=raster, room=room, where=where)
            return still_scene(picture, element.frames)
        case BeforeAfterElement():
            return scene_of_before_after(element, raster=raster, room=room, where=where)
        case CounterElement():
            return scene_of_counter(element, raster=raster, room=room, where=where)
        case CountdownElement():
            return scene_of_countdown(element, raster=raster, room=room, where=where)
        case ProgressElement():
            return scene_of_progress(element, raster=raster, room=room, where=where)
        case EndElement():
            picture = draw_end_card(element, raster=raster, room=room, where=where)
            return still_scene(picture, element.frames)
        case _:
            assert_never(element)
