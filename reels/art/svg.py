"""SVG drawings as logos: hostile XML, judged before anything is drawn.

Only shapes, gradients, clips, masks and pictures held in the file are let through; whatever points elsewhere, runs,
needs a font or could multiply into millions of shapes, corners or pixels is refused by name (a pattern among them: its
tile may have any size, and memory that is not there ends the whole process; and dashes, of which a line may have any
number). `logo` asks; resvg draws, without any system font.
"""

from __future__ import annotations

import base64
import binascii
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from PIL import Image

from reels.art.opening import BROKEN, quietly
from reels.errors import CampaignProblem, CampaignProblems
from reels.said import Said, said_by_system

__all__ = ["LARGEST_SVG_BYTES", "Svg", "draw_svg", "read_svg"]

LARGEST_SVG_BYTES = 1_000_000
_LARGEST_DEPTH = 64
_MOST_ELEMENTS = 5_000
"""Drawn elements, each use, clip and mask counted as often as it is drawn."""
_LARGEST_PICTURE_PIXELS = 16_000_000
_PIXELS_LIKE_AN_ELEMENT = 16_000
_LETTERS_LIKE_AN_ELEMENT = 200
"""Of the corners of a path: the largest file holds as many of them as may be drawn, but may draw them only once."""
_LAYER_LIKE_ELEMENTS = 100
"""A group that is drawn by itself and laid over the rest takes as long as many shapes, however small it is."""
_MOST_TRIES = 5_000_000
"""Of a rule of a style sheet on an element: five million take a third of a second."""
_LARGEST_SIDE_PX = 4096
_MOST_DRAWN_PIXELS = 1_500_000
_WIDEST_SHAPE = 50

_SVG = "http://www.w3.org/2000/svg"
_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image"}
_PAINT = {"linearGradient", "radialGradient", "stop", "clipPath", "mask", "style"}
_DRAWN = {"svg", "g", "defs", "symbol", "use", "title", "desc", "metadata"} | _SHAPES | _PAINT
_TEXTS = {"text", "tspan", "textPath", "tref", "altGlyph", "font", "font-face"}
_GRADIENTS = {"linearGradient", "radialGradient"}

_URL = re.compile(r"url\(\s*(['\"]?)(.*?)\1\s*\)", re.I | re.S)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_PARTED = re.compile(r"[\s>+~]+")
_CLASS = re.compile(r"\.([\w-]+)")
_LAYERING = ("opacity", "mask", "clip-path", "mix-blend-mode", "isolation")
_LAYERED = re.compile(rf"(?<![-\w])({'|'.join(_LAYERING)})\s*:", re.I)
_UNDASHED = re.compile(r"stroke-dasharray\s*:\s*none\s*(!\s*important\s*)?(?=[;}]|$)", re.I)
_DATA = re.compile(r"\s*data:image/(png|jpe?g);base64,(.*)", re.I | re.S)
_LENGTH = re.compile(r"\s*\+?(\d+\.?\d*|\.\d+)\s*(px|pt|pc|mm|cm|in)?\s*", re.I)
_IN_PX = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Svg:
    """A drawing that may be drawn: its text, and its width and height in units of its own."""

    text: str
    width: float
    height: float
    where: str


@dataclass(slots=True)
class _Element:
    """One element: what it draws by itself and by reference, its own children left to the tree."""

    name: str
    inside: list[_Element] = field(default_factory=list)
    refers_to: list[str] = field(default_factory=list)
    classes: tuple[str, ...] = ()
    weight: int = 1


def read_svg(path: Path) -> Svg:
    """Judge the drawing in `path`.

    Raises: CampaignProblems with what is refused and what to do.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_SVG_BYTES + 1)
    except OSError as error:
        _refuse(path.name, said_by_system(error))
    if len(raw) > LARGEST_SVG_BYTES:
        _refuse(path.name, Said("more than 1 MB", ko="1 MB가 넘는 파일"))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(path.name, Said("bytes that are no UTF-8 text", ko="UTF-8 글이 아닌 데이터"))
    judge = _Judge(path.name)
    judge.read(text)
    width, height = judge.size()
    return Svg(text=text, width=width, height=height, where=path.name)


def draw_svg(svg: Svg, *, width_px: int) -> Image.Image:
    """The drawing as "RGBA" with straight alpha, `width_px` wide, or as wide as its number of pixels is bearable.

    Raises: CampaignProblems.
    """
    import resvg_py  # here, so that nobody else pays for it

    shape = svg.width / svg.height
    bearable = min(math.sqrt(_MOST_DRAWN_PIXELS * shape), _LARGEST_SIDE_PX, _LARGEST_SIDE_PX * shape)
    width = max(1, min(width_px, math.floor(bearable)))
    try:
        drawn = resvg_py.svg_to_bytes(svg_string=svg.text, width=width, dpi=96, skip_system_fonts=True)
        picture: Image.Image = Image.open(io.BytesIO(drawn), formats=("PNG",))
        whole = picture.convert("RGBA")
    except BaseException as error:
        # A panic of the library is no Exception, and means no more than that the drawing is beyond it.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        cannot = Said(f"a drawing that cannot be drawn ({error})", ko=f"그릴 수 없는 그림({error})")
        _refuse(svg.where, cannot)
    # The size was read without drawing; where the two understand it differently nobody knows what is meant.
    if abs(whole.width * svg.height / svg.width - whole.height) > 2:
        _refuse(svg.where, Said("a size that can be read in two ways", ko="두 가지로 읽히는 크기"))
    return whole


class _Judge:
    """Walks the file once; whatever is not known to be harmless is refused where it stands."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._open: list[_Element] = []
        self._root: _Element | None = None
        self._size_written: Mapping[str, str] = {}
        self._by_id: dict[str, _Element] = {}
        self._styles: list[str] = []
        self._count = self._deepest = 0

    def read(self, text: str) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.ProcessingInstructionHandler = self._instruction
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        try:
            self._parser.Parse(text, True)
        except expat.ExpatError as error:
            self._refuse(Said(f"broken XML (line {error.lineno})", ko=f"{error.lineno}행이 깨진 XML"))
        if self._root is None or self._root.name != "svg":
            self._refuse(Said("no SVG drawing", ko="SVG 그림이 아닌 파일"))
        self._take_style_sheets()
        if self._drawn_elements() > _MOST_ELEMENTS:
            self._refuse(
                Said(f"more than {_MOST_ELEMENTS} shapes", ko=f"도형 {_MOST_ELEMENTS}개가 넘는 그림"),
                remedy=Said("simplify the drawing", ko="그림을 단순하게 해 주세요."),
            )

    def size(self) -> tuple[float, float]:
        """Width and height, from the root's own lengths or else its viewBox."""
        lengths = [_length(self._size_written.get(side, "")) for side in ("width", "height")]
        if lengths[0] and lengths[1]:
            return self._shaped(lengths[0], lengths[1])
        box = self._size_written.get("viewBox", "").replace(",", " ").split()
        try:
            _, _, width, height = map(float, box)
        except ValueError:
            self._refuse(
                Said("no size", ko="크기가 없는 그림"),
                remedy=Said("give it a viewBox", ko="viewBox를 적어 주세요."),
            )
        return self._shaped(width, height)

    def _shaped(self, width: float, height: float) -> tuple[float, float]:
        if not (math.isfinite(width) and math.isfinite(height) and 0 < width < 1e6 and 0 < height < 1e6):
            self._refuse(Said(f"a size of {width:g}x{height:g}", ko=f"{width:g}x{height:g} 크기"))
        if max(width, height) > _WIDEST_SHAPE * min(width, height):
            self._refuse(
                Said(f"a strip of {width:g}x{height:g}", ko=f"{width:g}x{height:g} 크기의 가는 띠"),
                remedy=Said("crop the drawing to the mark", ko="마크에 맞추어 잘라 주세요."),
            )
        return width, height

    # --- what expat meets

    def _doctype(self, *_: object) -> None:
        self._refuse(
            Said("a DOCTYPE, which can hold entities", ko="엔티티를 담을 수 있는 DOCTYPE"),
            remedy=Said(
                "save it as plain SVG, or delete that line", ko="일반 SVG로 저장하거나 그 줄을 지워 주세요."
            ),
        )

    def _instruction(self, target: str, _: str) -> None:
        self._refuse(Said(f"a processing instruction ({target})", ko=f"처리 명령({target})"))

    def _start(self, written: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS or len(self._open) >= _LARGEST_DEPTH:
            self._refuse(
                Said("too many elements, or too deep", ko="요소가 너무 많거나 깊은 그림"),
                remedy=Said("simplify the drawing", ko="그림을 단순하게 해 주세요."),
            )
        space, _, name = written.rpartition(" ")
        element = _Element(name=name if space == _SVG else "")
        if space == _SVG:
            self._judge_element(name)
            self._take_attributes(element, attributes)
        if self._root is None:
            self._root, self._size_written = element, attributes
        else:
            self._open[-1].inside.append(element)
        self._open.append(element)
        self._deepest = max(self._deepest, len(self._open))

    def _end(self, _: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        if self._open and self._open[-1].name == "style":
            self._styles.append(text)

    # --- what it may hold

    def _judge_element(self, name: str) -> None:
        if name in _TEXTS:
            self._refuse(
                Said(f"<{name}>: letters that need a font", ko=f"글꼴이 있어야 하는 글자 <{name}>"),
                remedy=Said(
                    "turn the text into paths and save it again", ko="글자를 윤곽선으로 바꾸어 저장해 주세요."
                ),
            )
        if name not in _DRAWN:
            self._refuse(
                Said(f"<{name}>", ko=f"<{name}>"),
                remedy=Said(
                    "flatten effects and save it as plain SVG",
                    ko="효과를 도형으로 바꾸어 일반 SVG로 저장해 주세요.",
                ),
            )

    def _take_attributes(self, element: _Element, attributes: Mapping[str, str]) -> None:
        for written, value in attributes.items():
            name = written.rpartition(" ")[2]
            if name.lower().startswith("on"):
                self._refuse(Said(f"a script ({name})", ko=f"스크립트({name})"))
            if name == "href":
                self._take_link(element, value)
                continue
            element.refers_to += self._places(value)
            if name == "style":
                style = self._without_comments(value)
                self._judge_style(style)
                element.weight += _LAYER_LIKE_ELEMENTS if _LAYERED.search(style) else 0
            elif name in _LAYERING:
                element.weight += _LAYER_LIKE_ELEMENTS
            elif name in ("d", "points"):
                element.weight += max(0, len(value) // _LETTERS_LIKE_AN_ELEMENT - 1)
            elif name == "filter" and value.strip() != "none":
                self._filtered()
            elif name == "stroke-dasharray" and value.strip() != "none":
                self._dashed()
        if "id" in attributes:
            self._by_id.setdefault(attributes["id"], element)
        element.classes = tuple(dict.fromkeys(attributes.get("class", "").split()))

    def _take_link(self, element: _Element, value: str) -> None:
        link = value.strip()
        if link.startswith("#") and element.name != "image":
            element.refers_to.append(link[1:])
        elif element.name == "image" and (found := _DATA.fullmatch(link)):
            element.weight += self._pixels_of(found[2]) // _PIXELS_LIKE_AN_ELEMENT
        else:
            self._elsewhere(link)

    def _places(self, value: str) -> Iterator[str]:
        """The ids of every `url(#id)` in a value. A `url(` in any other spelling is refused."""
        found = list(_URL.finditer(value))
        if len(found) != value.lower().count("url(") or ("\\" in value and "(" in value):
            self._elsewhere(value)
        for link in found:
            if not link[2].startswith("#"):
                self._elsewhere(link[2])
            yield link[2][1:]

    def _judge_style(self, text: str) -> None:
        # An escape or an at-rule could spell a link that nobody has looked at.
        if "filter" in text.lower():
            self._filtered()
        if text.lower().count("stroke-dasharray") != len(_UNDASHED.findall(text)):
            self._dashed()
        if "\\" in text or "@" in text:
            self._refuse(
                Said("a style sheet with escapes or at-rules", ko="이스케이프나 @규칙이 든 스타일"),
                remedy=Said("save styles as attributes", ko="스타일을 속성으로 저장해 주세요."),
            )

    def _filtered(self) -> NoReturn:
        self._refuse(
            Said("a filter, such as a shadow or a blur", ko="그림자나 흐림 같은 필터"),
            remedy=Said(
                "flatten effects and save it as plain SVG",
                ko="효과를 도형으로 바꾸어 일반 SVG로 저장해 주세요.",
            ),
        )

    def _dashed(self) -> NoReturn:
        self._refuse(
            Said("a dashed line", ko="점선"),
            remedy=Said(
                "turn its strokes into paths and save it again", ko="선을 윤곽선으로 바꾸어 저장해 주세요."
            ),
        )

    def _without_comments(self, text: str) -> str:
        for comment in _COMMENT.finditer(text):
            # What looks like a comment between two strings would hide the rules in it.
            if '"' in comment[0] or "'" in comment[0]:
                self._refuse(Said("a style sheet that cannot be read", ko="읽을 수 없는 스타일"))
        return _COMMENT.sub("", text)

    def _pixels_of(self, written: str) -> int:
        try:
            content = base64.b64decode(re.sub(r"\s+", "", written), validate=True)
            with quietly():
                picture: Image.Image = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
        except (binascii.Error, Image.DecompressionBombError, *BROKEN):
            self._refuse(
                Said("a picture inside it that is no PNG or JPEG", ko="안에 든, PNG도 JPEG도 아닌 그림")
            )
        pixels = picture.width * picture.height
        if pixels > _LARGEST_PICTURE_PIXELS:
            self._refuse(
                Said(f"a picture of {pixels} pixels inside it", ko=f"안에 든 {pixels}픽셀 그림"),
                remedy=Said("make it smaller", ko="그림을 줄여 주세요."),
            )
        return pixels

    def _elsewhere(self, link: str) -> NoReturn:
        shown = link.strip()[:60]
        self._refuse(
            Said(f"a link to something outside the file ({shown})", ko=f"파일 밖을 가리키는 링크({shown})"),
            remedy=Said(
                "embed pictures and save it as plain SVG", ko="그림을 포함해 일반 SVG로 저장해 주세요."
            ),
        )

    # --- how much it draws

    def _take_style_sheets(self) -> None:
        """What a class clips or masks with counts for each element of that class."""
        sheet = self._without_comments("".join(self._styles))
        self._judge_style(sheet)
        rules = list(_RULE.finditer(sheet))
        if len(list(self._places(sheet))) != sum(len(list(self._places(rule[2]))) for rule in rules):
            self._refuse(Said("a style sheet that cannot be read", ko="읽을 수 없는 스타일"))
        self._judge_selectors(",".join(rule[1] for rule in rules).split(","))
        by_class: dict[str, dict[str, None]] = {}
        layered: set[str] = set()
        for rule in rules:
            places = [place for place in self._places(rule[2]) if not self._is_gradient(place)]
            is_layer = _LAYERED.search(rule[2]) is not None
            if not places and not is_layer:
                continue
            selectors = [one.strip() for one in rule[1].split(",")]
            if not all(_CLASS.fullmatch(one) for one in selectors):
                self._refuse(
                    Said(
                        f"a style for `{rule[1].strip()[:60]}` that clips, masks or is a layer",
                        ko=f"`{rule[1].strip()[:60]}`에 클립, 마스크, 투명도를 준 스타일",
                    ),
                    remedy=Said("save styles as attributes", ko="스타일을 속성으로 저장해 주세요."),
                )
            for one in selectors:
                by_class.setdefault(one[1:], {}).update(dict.fromkeys(places))
                if is_layer:
                    layered.add(one[1:])
        if by_class:
            self._spread(by_class, layered)

    def _judge_selectors(self, selectors: Sequence[str]) -> None:
        """Each is tried on each element; one of several parts, on every way up from it."""
        tries = 0
        for one in selectors:
            parts = min(len(_PARTED.split(one.strip())), 9)
            tries += self._count * self._deepest ** (parts - 1)
            if tries > _MOST_TRIES:
                self._refuse(
                    Said("a style sheet of too many rules", ko="규칙이 너무 많은 스타일"),
                    remedy=Said("save styles as attributes", ko="스타일을 속성으로 저장해 주세요."),
                )

    def _spread(self, by_class: Mapping[str, Iterable[str]], layered: Set[str]) -> None:
        waiting = [self._root] if self._root else []
        while waiting:
            element = waiting.pop()
            for name in element.classes:
                element.refers_to += by_class.get(name, ())
                element.weight += _LAYER_LIKE_ELEMENTS if name in layered else 0
            waiting += element.inside

    def _is_gradient(self, place: str) -> bool:
        element = self._by_id.get(place)
        return element is not None and element.name in _GRADIENTS

    def _drawn_elements(self) -> int:
        """How many elements are drawn once every reference is followed, as far as the bound.

        Raises: CampaignProblems for a drawing that refers to itself.
        """
        known: dict[int, int] = {}
        being_counted: set[int] = set()

        def count(element: _Element) -> int:
            key = id(element)
            if key in known:
                return known[key]
            if key in being_counted:
                self._refuse(Said("a shape that holds itself", ko="자기 자신을 담은 도형"))
            being_counted.add(key)
            drawn = element.weight
            for inner in element.inside:
                drawn += count(inner)
            for place in element.refers_to:
                target = self._by_id.get(place)
                if target is not None:
                    drawn += count(target)
            being_counted.discard(key)
            known[key] = min(drawn, _MOST_ELEMENTS + 1)
            return known[key]

        try:
            return count(self._root) if self._root else 0
        except RecursionError:
            return _MOST_ELEMENTS + 1

    def _refuse(self, found: str, remedy: str | None = None) -> NoReturn:
        line = self._parser.CurrentLineNumber
        where = f"{self._where}:{line}"
        _refuse(where, found, remedy)


def _length(written: str) -> float:
    """In pixels; 0 for a share of something, or for what is no length."""
    found = _LENGTH.fullmatch(written)
    return float(found[1]) * _IN_PX[(found[2] or "").lower()] if found else 0.0


def _refuse(where: str, found: str, remedy: str | None = None) -> NoReturn:
    problem = CampaignProblem(
        where=Said(f"{where} (logo)", ko=f"{where}(로고)"),
        found=found,
        expected=Said(
            "an SVG drawing that is whole in itself: shapes, gradients, clips and pictures held inside it",
            ko="그 자체로 완전한 SVG 그림: 도형, 그러데이션, 클립, 안에 든 그림",
        ),
        remedy=remedy
        or Said(
            "save it as plain SVG with texts as paths, or as PNG about 1000 pixels wide",
            ko="글자를 윤곽선으로 바꾼 일반 SVG나 너비 1000픽셀쯤의 PNG로 저장해 주세요.",
        ),
    )
    raise CampaignProblems(problems=(problem,)) from None
