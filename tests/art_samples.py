"""One ready element of every kind, in the colours of the fictitious brand, and how tests look at pixels."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from reels.art.colour import WHITE, Colour
from reels.art.elements import (
    BeforeAfterElement,
    CardElement,
    CardLook,
    CountdownElement,
    CounterElement,
    CounterLook,
    Element,
    EndElement,
    ListElement,
    ListLook,
    LowerThirdElement,
    LowerThirdLook,
    Motion,
    PictureElement,
    PictureLook,
    PlateElement,
    PlateLook,
    ProgressElement,
    ProgressLook,
    TitleElement,
    TitleLook,
)
from reels.geometry import Raster
from reels.resources import fonts_dir

BOLD = fonts_dir() / "Pretendard-Bold.otf"
HEAVY = fonts_dir() / "Pretendard-ExtraBold.otf"
BLUE, NAVY, YELLOW = (Colour.parse(text) for text in ("#1456B8", "#0B2545", "#FFB81C"))

RATE = Fraction(30)
MOTION = Motion(direction="from-below", travel_px=40, in_frames=6, out_frames=4)
FORTY = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토"
LONG_WORD = "Pneumonoultramicroscopicsilicovolcanoconiosis"
MIXED = "한빛시 Festival 2026 개막식에 놀러 오세요"

Pixels = NDArray[np.int16]
Known = dict[str, Any]


def plate_look(**changed: Any) -> PlateLook:
    known: Known = {
        "font": BOLD,
        "size_px": 48,
        "text": WHITE,
        "ground": NAVY,
        "accent": YELLOW,
        "outline": NAVY,
    }
    return PlateLook(**(known | changed))


def list_look(**changed: Any) -> ListLook:
    sizes: Known = {"head_size_px": 64, "size_px": 46}
    known: Known = {
        "head_font": HEAVY,
        "font": BOLD,
        **sizes,
        "text": WHITE,
        "ground": NAVY,
        "accent": YELLOW,
    }
    return ListLook(**(known | changed))


def card_look(**changed: Any) -> CardLook:
    sizes: Known = {"text_size_px": 112, "body_size_px": 52, "label_size_px": 44}
    colours: Known = {"text": WHITE, "accent": YELLOW, "label_text": NAVY, "label_ground": YELLOW}
    return CardLook(**(Known(font=HEAVY, body_font=BOLD, **sizes, **colours) | changed))


def counter_look(**changed: Any) -> CounterLook:
    sizes: Known = {"size_px": 150, "label_size_px": 48}
    known: Known = {
        "font": HEAVY,
        "label_font": BOLD,
        **sizes,
        "text": WHITE,
        "ground": NAVY,
        "accent": YELLOW,
    }
    return CounterLook(**(known | changed))


def picture_look(**changed: Any) -> PictureLook:
    return PictureLook(**(Known(font=BOLD, size_px=44, text=WHITE, ground=NAVY, accent=YELLOW) | changed))


def title(text: str = "비빔밥축제에 놀러 오세요", **changed: Any) -> TitleElement:
    look = TitleLook(font=HEAVY, size_px=108, text=WHITE, ground=NAVY, accent=YELLOW, outline=NAVY)
    return TitleElement(**(Known(text=text, look=look, motion=MOTION, frames=40) | changed))


def lower_third(name: str = "김하늘", role: str = "주무관") -> LowerThirdElement:
    sizes: Known = {"name_size_px": 68, "role_size_px": 46}
    look = LowerThirdLook(name_font=HEAVY, role_font=BOLD, **sizes, text=WHITE, ground=NAVY, accent=YELLOW)
    return LowerThirdElement(name=name, role=role, look=look, motion=MOTION, frames=40)


def plate(text: str = "한빛광장", **changed: Any) -> PlateElement:
    return PlateElement(**(Known(text=text, look=plate_look(), motion=MOTION, frames=40) | changed))


def item_list(*items: str, **changed: Any) -> ListElement:
    known: Known = {
        "head": "오늘의 순서",
        "numbered": True,
        "look": list_look(),
        "motion": MOTION,
        "frames": 90,
    }
    return ListElement(**(known | {"items": items or ("개막식", "체험", "폐막")} | changed))


def counter(**changed: Any) -> CounterElement:
    known: Known = {
        "start": Fraction(0),
        "end": Fraction(12_500),
        "decimals": 0,
        "unit": "명",
        "label": "찾은 시민",
    }
    times: Known = {"motion": MOTION, "frames": 60, "count_frames": 40}
    return CounterElement(**(known | {"look": counter_look()} | times | changed))


def countdown(**changed: Any) -> CountdownElement:
    return CountdownElement(**(Known(seconds=3, look=counter_look(), motion=MOTION, frames=30) | changed))


def progress(**changed: Any) -> ProgressElement:
    look = ProgressLook(colour=YELLOW, ground=WHITE, height_px=12)
    return ProgressElement(**(Known(look=look, frames=50) | changed))


def card(text: str = "즉시 대피하세요", **changed: Any) -> CardElement:
    empty: Known = {"label": "", "body": "", "items": (), "numbered": False, "foot": ""}
    return CardElement(**(Known(text=text, **empty, look=card_look(), motion=MOTION, frames=90) | changed))


def end_card(**changed: Any) -> EndElement:
    words: Known = {"name": "한빛시", "text": "소식을 받아 보세요", "address": "www.hanbit.example"}
    small: Known = {
        "credits": ("촬영 한빛시",),
        "licence": "공공누리 제1유형",
        "licence_mark": None,
        "logo": None,
    }
    known: Known = {**words, **small, "qr": "https://www.hanbit.example/festival"}
    look = card_look(text_size_px=84, centred=True)
    return EndElement(**(known | {"look": look, "motion": MOTION, "frames": 40} | changed))


def picture(path: Path, caption: str = "축제 현장", **changed: Any) -> PictureElement:
    known: Known = {
        "picture": path,
        "caption": caption,
        "look": picture_look(),
        "motion": MOTION,
        "frames": 40,
    }
    return PictureElement(**(known | changed))


def before_after(before: Path, after: Path, **changed: Any) -> BeforeAfterElement:
    known: Known = {"before": before, "after": after, "before_label": "전", "after_label": "후"}
    times: Known = {"motion": MOTION, "frames": 40, "wipe_frames": 10}
    return BeforeAfterElement(**(known | {"look": picture_look()} | times | changed))


def every_kind(red: Path, green: Path) -> dict[str, Element]:
    """One element of every kind; `red` and `green` are picture files."""
    return {
        "title": title(),
        "lower third": lower_third(),
        "plate": plate(small="09:30", icon="clock"),
        "outlined plate": plate(look=plate_look(ground=None, bar=True), icon="pin"),
        "picture": picture(red),
        "before and after": before_after(red, green),
        "list": item_list(apart_frames=12),
        "counter": counter(),
        "countdown": countdown(),
        "progress": progress(),
        "card": card(
            label="호우 경보", items=("높은 곳으로", "119 신고"), numbered=True, foot="한빛시", icon="warning"
        ),
        "card on a plate": card(body="지금 나가세요.", look=card_look(plate=NAVY, centred=True), picture=red),
        "end card": end_card(),
    }


def room_for(element: Element, raster: Raster) -> Raster:
    """A generous room: most of the raster."""
    return Raster(raster.width * 4 // 5 - 1, raster.height * 3 // 4 - 1)


def pixels(shown: Image.Image | NDArray[np.uint8]) -> Pixels:
    return np.asarray(shown).astype(np.int16)


def painted(seen: Pixels, colour: Colour, tolerance: int = 8) -> NDArray[np.bool_]:
    """Where pixels are covered and of `colour`; `(h, w) bool`."""
    close = np.abs(seen[..., :3] - np.array(colour.rgb)).max(axis=2) <= tolerance
    found: NDArray[np.bool_] = close & (seen[..., 3] > 200)
    return found


def box_of(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is True; right and bottom outside."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    assert len(rows), "nothing of that colour"
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
