"""SVG logos: drawn as they are meant, and refused where they point elsewhere, run, need a font or multiply."""

from __future__ import annotations

import base64
import io
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from reels.art.logo import draw_logo, measure_logo
from reels.art.svg import LARGEST_SVG_BYTES, draw_svg, read_svg
from reels.errors import CampaignProblems
from reels.geometry import Raster
from reels.resources import assets_dir

ROOM = Raster(230, 160)
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 50">'
)
GREEN = '<rect width="100" height="50" fill="#00FF00"/>'


def written(tmp_path: Path, body: str, *, head: str = HEAD, name: str = "logo.svg") -> Path:
    path = tmp_path / name
    path.write_text(f"{head}{body}</svg>", encoding="utf-8")
    return path


def pixels(path: Path, room: Raster = Raster(200, 100)) -> NDArray[np.int32]:
    return np.asarray(draw_logo(path, room=room)).astype(np.int32)


def png(width: int = 2, height: int = 2) -> str:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (255, 0, 0)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def refused(path: Path) -> tuple[str, str, str]:
    with pytest.raises(CampaignProblems) as caught:
        measure_logo(path, room=ROOM)
    with pytest.raises(CampaignProblems):
        draw_logo(path, room=ROOM)
    (problem,) = caught.value.problems
    return problem.where, problem.found, problem.remedy


# --- drawn -----------------------------------------------------------------------------------------------


def test_a_drawing_fills_its_room_in_its_own_shape_and_colours(tmp_path: Path) -> None:
    path = written(tmp_path, GREEN + '<circle cx="25" cy="25" r="20" fill="#0000FF"/>')
    drawn = pixels(path)
    assert measure_logo(path, room=Raster(200, 100)) == Raster(200, 100)
    assert tuple(drawn[50, 50]) == (0, 0, 255, 255)
    assert tuple(drawn[50, 150]) == (0, 255, 0, 255)


def test_what_is_not_drawn_is_clear_and_edges_are_smooth(tmp_path: Path) -> None:
    drawn = pixels(written(tmp_path, '<circle cx="50" cy="25" r="20" fill="#FF0000"/>'))
    alpha = drawn[..., 3]
    assert alpha[2, 2] == 0
    assert alpha[50, 100] == 255
    assert ((alpha > 0) & (alpha < 255)).sum() > 100
    assert (drawn[alpha > 0][:, 0] > 245).all(), "no dark fringe"


def test_opacity_is_that_of_the_whole_mark(tmp_path: Path) -> None:
    faint = np.asarray(draw_logo(written(tmp_path, GREEN), room=ROOM, opacity=0.5))
    assert abs(int(faint[..., 3].max()) - 128) <= 1


def test_the_sample_drawing_is_the_sample_picture() -> None:
    folder = assets_dir() / "brand"
    room = Raster(300, 160)
    drawing, picture = pixels(folder / "logo.svg", room), pixels(folder / "logo.png", room)
    assert drawing.shape == picture.shape
    assert np.abs(drawing - picture).mean() < 1


@pytest.mark.parametrize(
    ("attributes", "shape"),
    [
        ('viewBox="0 0 100 50"', (200, 100)),
        ('width="20mm" height="40mm"', (50, 100)),
        ('width="30" height="30" viewBox="0 0 100 50"', (100, 100)),
        ('width="100%" height="100%" viewBox="0,0,10,20"', (50, 100)),
    ],
)
def test_the_size_is_that_of_the_root_or_its_view(
    tmp_path: Path, attributes: str, shape: tuple[int, int]
) -> None:
    path = written(tmp_path, GREEN, head=f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>')
    assert draw_logo(path, room=Raster(200, 100)).size == shape
    assert measure_logo(path, room=Raster(200, 100)) == Raster(*shape)


def test_gradients_classes_clips_uses_and_pictures_inside_are_drawn(tmp_path: Path) -> None:
    body = (
        "<style>.a{fill:url(#g)} .b{clip-path:url(#c)}</style>"
        '<linearGradient id="g"><stop stop-color="#FF0000"/><stop offset="1" stop-color="#0000FF"/></linearGradient>'
        '<clipPath id="c"><rect width="100" height="25"/></clipPath>'
        '<rect id="r" class="a b" width="50" height="50"/>'
        f'<image x="60" width="30" height="30" xlink:href="data:image/png;base64,{png()}"/>'
        '<use href="#r" y="30"/>'
    )
    drawn = pixels(written(tmp_path, body))
    assert drawn[20, 5, 0] > 200 > drawn[20, 95, 0]
    assert drawn[55, 50, 3] == 0, "clipped"
    assert drawn[70, 50, 3] == 255, "used again, lower"
    assert tuple(drawn[20, 150, :3]) == (255, 0, 0)


def test_metadata_of_drawing_programs_does_no_harm(tmp_path: Path) -> None:
    body = (
        '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""/></metadata>'
        '<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" id="base"/>'
    )
    assert pixels(written(tmp_path, body + GREEN))[50, 100, 1] == 255


# --- refused ---------------------------------------------------------------------------------------------

ELSEWHERE = "outside the file"
HOSTILE = {
    "an entity": ('<!DOCTYPE svg [<!ENTITY a "b">]>', GREEN, "DOCTYPE"),
    "an instruction": ('<?xml-stylesheet href="a.css"?>', GREEN, "processing instruction"),
    "text": ("", "<text>한빛</text>", "letters that need a font"),
    "a script": ("", "<script>1</script>", "<script>"),
    "a script of an event": ("", '<rect onclick="a()" width="1" height="1"/>', "onclick"),
    "an animation": ("", '<rect width="1" height="1"><animate attributeName="x"/></rect>', "<animate>"),
    "a page inside": ("", "<foreignObject/>", "<foreignObject>"),
    "a filter": ("", '<filter id="f"/>', "<filter>"),
    "a pattern of any size": ("", '<pattern id="p" width="1e6" height="1e6"/>', "<pattern>"),
    "a filter of a style": ("", '<rect style="filter:blur(9px)" width="1" height="1"/>', "a filter"),
    "a picture beside it": ("", '<image href="logo.png" width="9" height="9"/>', ELSEWHERE),
    "a picture of the web": ("", '<image xlink:href="https://a.example/b.png"/>', ELSEWHERE),
    "a file by its path": ("", '<image href="file:///etc/passwd"/>', ELSEWHERE),
    "a drawing inside": ("", '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>', ELSEWHERE),
    "a use of another file": ("", '<use href="other.svg#a"/>', ELSEWHERE),
    "a fill of another file": ("", '<rect fill="url(other.svg#a)" width="1" height="1"/>', ELSEWHERE),
    "a fill that is not closed": ("", '<rect fill="url(#a" width="1" height="1"/>', ELSEWHERE),
    "an import of a style": ("", "<style>@import 'a.css';</style>", "at-rules"),
    "an escape in a style": ("", "<style>.a{fill:u\\72l(a.svg)}</style>", "escapes"),
    "a dashed line": ("", '<path stroke-dasharray="1e-6" d="M0 0H99"/>', "a dashed line"),
    "dashes of a style": ("", '<path style="stroke-dasharray: .001 .001" d="M0 0H99"/>', "a dashed line"),
    "dashes of a style, hidden": ("", '<path style="stroke-dasharray/**/:1" d="M0 0H99"/>', "a dashed line"),
    "dashes of a sheet": (
        "",
        "<style>path{stroke-dasharray:none;stroke-dasharray:1}</style>",
        "a dashed line",
    ),
    "a rule between strings": (
        "",
        """<style>.a{x:"/*"}.b{mask:url(#m)}.c{x:"*/"}</style>""",
        "cannot be read",
    ),
    "a broken picture inside": ("", '<image href="data:image/png;base64,AAAA"/>', "no PNG or JPEG"),
    "broken XML": ("", "<g>", "broken XML"),
    "a shape in itself": ("", '<g id="a"><use href="#a"/></g>', "holds itself"),
    "a mask of itself": ("", '<mask id="m"><rect mask="url(#m)"/></mask><g mask="url(#m)"/>', "holds itself"),
    "a style that clips everything": (
        "",
        '<style>*{clip-path:url(#c)}</style><clipPath id="c"><circle r="9"/></clipPath>',
        "that clips",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_drawing_is_refused_with_its_line_and_a_way_out(tmp_path: Path, case: str) -> None:
    before, body, said = HOSTILE[case]
    where, found, remedy = refused(written(tmp_path, body, head=before + HEAD))
    assert said in found
    assert where.startswith("logo.svg:1")
    assert remedy


def test_nothing_of_a_text_is_drawn_in_a_font_of_the_computer(tmp_path: Path) -> None:
    _, _, remedy = refused(written(tmp_path, '<text y="40" font-family="serif" font-size="40">A</text>'))
    assert "paths" in remedy


def test_uses_that_multiply_into_billions_are_refused_at_once(tmp_path: Path) -> None:
    levels = "".join(
        f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" if n else '<g id="a0"><rect/></g>'
        for n in range(12)
    )
    began = time.monotonic()
    assert "more than 5000 shapes" in refused(written(tmp_path, f"{levels}"))[1]
    assert time.monotonic() - began < 5


def test_masks_of_a_class_multiply_no_less(tmp_path: Path) -> None:
    style = "".join(f".c{n}{{mask:url(#m{n})}}" for n in range(8))
    bodies = "".join(f'<mask id="m{n}">' + f'<rect class="c{n - 1}"/>' * 10 + "</mask>" for n in range(1, 8))
    body = f'<style>{style}</style><mask id="m0"><rect/></mask>{bodies}<rect class="c7"/>'
    assert "more than 5000 shapes" in refused(written(tmp_path, body))[1]


@pytest.mark.parametrize(
    "one", ['<g opacity=".9"><rect/></g>', '<g style="opacity: .9"><rect/></g>', '<g class="o"><rect/></g>']
)
def test_a_group_drawn_by_itself_counts_as_many_shapes(tmp_path: Path, one: str) -> None:
    style = "<style>.o{opacity:.9}</style>"
    assert measure_logo(written(tmp_path, style + one * 40), room=ROOM)
    assert "more than 5000 shapes" in refused(written(tmp_path, style + one * 120))[1]


def corners(letters: int) -> str:
    """The corners of a path, of so many letters."""
    return "M0 0" + " 9 9" * ((letters - 4) // 4)


def test_the_largest_path_may_be_drawn_once_and_not_again_and_again(tmp_path: Path) -> None:
    room = LARGEST_SVG_BYTES - len(HEAD) - 60
    assert measure_logo(written(tmp_path, f'<path id="p" d="{corners(room)}"/>'), room=ROOM)
    body = f'<path id="p" d="{corners(400_000)}"/>' + '<use href="#p"/>' * 3
    assert "more than 5000 shapes" in refused(written(tmp_path, body))[1]
    line = f'<polyline id="p" points="{corners(400_000)[1:]}"/>' + '<use href="#p"/>' * 3
    assert "more than 5000 shapes" in refused(written(tmp_path, line))[1]


def test_rules_that_are_tried_on_too_many_ways_are_refused_at_once(tmp_path: Path) -> None:
    """A selector of many parts is tried on every way up through the groups: ten times as many for each part."""
    groups = "<g>" * 60 + '<rect class="b"/>' + "</g>" * 60
    many = "".join(f".a{number}{{fill:red}}" for number in range(20_000)) + ".b{fill:red}"
    cases = {
        "parts": f"<style>z {'g ' * 9}.b{{fill:red}}</style>{groups}",
        "children": f"<style>z {'g>' * 9}.b{{fill:red}}</style>{groups}",
        "rules": f"<style>{many}</style>" + '<rect class="b"/>' * 1000,
        "selectors": f"<style>{'.a,' * 20_000}.b{{fill:red}}</style>" + '<rect class="b"/>' * 1000,
    }
    for case, body in cases.items():
        began = time.process_time()
        assert "too many rules" in refused(written(tmp_path, body))[1], case
        assert time.process_time() - began < 2


def test_a_style_sheet_as_programs_write_it_is_followed(tmp_path: Path) -> None:
    rules = "".join(f".st{number}{{fill:#{number:06X}}}" for number in range(200))
    body = f"<style>{rules} svg g .mark{{fill:#0F0}} g > rect.st7{{fill:#00F}}</style>"
    body += "<g>" + '<rect class="st7" width="50" height="50"/>' * 400
    body += '<rect class="mark" x="50" width="50" height="50"/></g>'
    drawn = pixels(written(tmp_path, body))
    assert (tuple(drawn[50, 50, :3]), tuple(drawn[50, 150, :3])) == ((0, 0, 255), (0, 255, 0))


def test_a_class_that_is_named_again_and_again_counts_once(tmp_path: Path) -> None:
    style = "<style>" + ".a{mask:url(#m)}" * 9000 + '</style><mask id="m"><rect/></mask>'
    began = time.process_time()
    assert measure_logo(written(tmp_path, f'{style}<rect class="{"a " * 90_000}"/>'), room=ROOM)
    assert time.process_time() - began < 2


def test_what_drawing_programs_say_of_lines_without_dashes_does_no_harm(tmp_path: Path) -> None:
    body = (
        "<style>.a{stroke-dasharray:none!important}.b{fill:#0F0;stroke-dasharray : none}</style>"
        '<rect style="stroke-dasharray:none;stroke-width:1" stroke-dasharray="none" width="9" height="9"/>'
        '<rect class="b" width="100" height="50"/>'
    )
    assert pixels(written(tmp_path, body))[50, 100, 1] == 255


def test_limits_of_bytes_depth_pixels_and_shape_hold(tmp_path: Path) -> None:
    large = written(tmp_path, "<desc>" + "a" * LARGEST_SVG_BYTES + "</desc>")
    assert "1 MB" in refused(large)[1]
    assert "too deep" in refused(written(tmp_path, "<g>" * 80 + "</g>" * 80))[1]
    picture = f'<image href="data:image/png;base64,{png(5000, 4000)}"/>'
    assert "20000000 pixels" in refused(written(tmp_path, picture))[1]
    used = f'<image id="i" href="data:image/png;base64,{png(4000, 3000)}"/>' + '<use href="#i"/>' * 20
    assert "more than 5000" in refused(written(tmp_path, used))[1]
    strip = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9000 9">'
    assert "a strip" in refused(written(tmp_path, GREEN, head=strip))[1]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ('<svg xmlns="http://www.w3.org/2000/svg">', "no size"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 9">', "a size of 0x9"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 nan 9">', "a size of nanx9"),
        ("<svg>", "no SVG drawing"),
    ],
)
def test_a_drawing_without_a_size_or_a_name_space_is_refused(tmp_path: Path, head: str, said: str) -> None:
    assert said in refused(written(tmp_path, GREEN, head=head))[1]


def test_a_size_that_can_be_read_in_two_ways_is_refused_when_drawn(tmp_path: Path) -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="50%" height="30" viewBox="0 0 10 20">'
    with pytest.raises(CampaignProblems, match="in two ways"):
        draw_logo(written(tmp_path, GREEN, head=head), room=ROOM)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", "<svg/>".encode("utf-16"), b"<html/>"])
def test_other_files_that_end_in_svg_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "logo.svg"
    path.write_bytes(content)
    refused(path)


def test_a_drawing_is_never_drawn_larger_than_it_may_be(tmp_path: Path) -> None:
    tall = written(tmp_path, GREEN, head='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 400">')
    assert draw_svg(read_svg(tall), width_px=100_000).size == (102, 4080)
    wide = draw_svg(read_svg(written(tmp_path, GREEN)), width_px=100_000)
    assert 1_400_000 < wide.width * wide.height <= 1_500_000


def test_a_missing_drawing_is_named(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "none.svg")[1]
