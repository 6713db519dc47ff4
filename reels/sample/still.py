"""Sample footage as one still: the person on the street, for looks at templates without a film.

The same layers as `footage` moves; nothing of them is decoded or encoded. `showcase` stands after it.
"""

from __future__ import annotations

from PIL import Image

from reels.geometry import Raster, scale_to_cover
from reels.sample.clips import Recipe, recipes
from reels.sample.person import draw_person
from reels.sample.street import draw_street

__all__ = ["sample_still"]


def sample_still(raster: Raster, *, upright: bool) -> Image.Image:
    """A person on a street as a reel of `raster` ("RGB") shows it: filmed upright, or cropped out of a landscape."""
    recipe = next(one for one in recipes() if (one.display.height > one.display.width) == upright)
    picture = _drawn(recipe)
    cover = scale_to_cover(Raster(*picture.size), raster)
    large = picture.resize((cover.width, cover.height), Image.Resampling.LANCZOS)
    left, top = (cover.width - raster.width) // 2, (cover.height - raster.height) // 2
    return large.crop((left, top, left + raster.width, top + raster.height))


def _drawn(recipe: Recipe) -> Image.Image:
    shown = recipe.display
    picture = draw_street(shown, recipe.look).convert("RGBA")
    head, body = draw_person(
        recipe.person_scale, recipe.jacket, badge=recipe.badge, light=recipe.light, mirrored=recipe.mirrored
    )
    _, top, _, _ = head.getbbox() or (0, 0, 0, 0)
    # In the middle, where a crop looks.
    place = shown.width // 2 - body.width // 2, round(shown.height * recipe.person_top) - top
    for layer in (body, head):
        whole = Image.new("RGBA", picture.size, (0, 0, 0, 0))
        whole.paste(layer, place)
        picture.alpha_composite(whole)
    return picture.convert("RGB")
