"""The one door to what is drawn: any element → its raster, its pictures over time.

Which module draws which kind stands here and nowhere else. Before it stand `elements`; `motion` makes a clip of a scene.
"""

from __future__ import annotations

from fractions import Fraction

from reels.art.cards import measure_card, scene_of_card
from reels.art.elements import (
    CardElement,
    Element,
    ListElement,
    LowerThirdElement,
    PlateElement,
    TitleElement,
)
from reels.art.lists import measure_list, scene_of_list
from reels.art.lower_third import draw_lower_third, measure_lower_third
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
            return measure_title(element.text, element.look, raster=raster, room=room, where=where)
        case LowerThirdElement():
            return measure_lower_third(
                element.name, element.role, element.look, raster=raster, room=room, where=where
            )
        case PlateElement():
            return measure_plate(element, raster=raster, room=room, where=where)
        case ListElement():
            return measure_list(element, raster=raster, room=room, where=where)
        case CardElement():
            return measure_card(element, raster=raster, room=room, where=where)
        case _:
            raise NotImplementedError(type(element).__name__)


def scene_of(element: Element, *, raster: Raster, room: Raster, rate: Fraction, where: str) -> Scene:
    """What `element` shows in each of its frames, before its motion lets it come and go; as large as measured.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    match element:
        case TitleElement():
            picture = draw_title(element.text, element.look, raster=raster, room=room, where=where)
            return still_scene(picture, element.frames)
        case LowerThirdElement():
            picture = draw_lower_third(
                element.name, element.role, element.look, raster=raster, room=room, where=where
            )
            return still_scene(picture, element.frames)
        case PlateElement():
            picture = draw_plate(element, raster=raster, room=room, where=where)
            return still_scene(picture, element.frames)
        case ListElement():
            return scene_of_list(element, raster=raster, room=room, rate=rate, where=where)
        case CardElement():
            return scene_of_card(element, raster=raster, room=room, rate=rate, where=where)
        case _:
            raise NotImplementedError(type(element).__name__)
