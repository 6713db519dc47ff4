"""How long a text is, the way each platform counts it.

Counts only; what is allowed stands in the data files, and cutting a text is nobody's job. `Platform` stands
before it, the caption of the delivery kit after it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, get_args

__all__ = ["COUNTINGS", "Counting", "counted_length"]

Counting = Literal["code-points", "utf-16-units", "utf-8-bytes", "emoji-as-bytes", "weighted"]
COUNTINGS: tuple[Counting, ...] = get_args(Counting)

_PICTOGRAPH = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23fa\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
)
_DRESSED = f"{_PICTOGRAPH}[\ufe0f\U0001f3fb-\U0001f3ff]*[\U000e0020-\U000e007f]*"
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"  # a flag is two letters
    "|[0-9#*]\ufe0f?\u20e3"  # a keycap
    f"|{_DRESSED}(?:\u200d{_DRESSED})*"  # joined pictures are one
)
# X links bare names such as `hanbit.go.kr` too; one taken too many counts long, never short.
_LINK = re.compile(
    r"(?:https?://[^\s가-힣]+|(?<![a-z0-9.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![a-z])(?:/[!-~]*)?)",
    re.IGNORECASE,
)
_LINK_LENGTH = 23
_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))


def counted_length(text: str, counting: Counting) -> int:
    """The length of `text` in the units of `counting`.

    Texts are counted in NFC, the form in which they are delivered: decomposed Hangul counts as what it shows.
    """
    composed = unicodedata.normalize("NFC", text)
    match counting:
        case "code-points":
            return len(composed)
        case "utf-16-units":
            return len(composed.encode("utf-16-le", "surrogatepass")) // 2
        case "utf-8-bytes":
            return _bytes(composed)
        case "emoji-as-bytes":
            return len(_EMOJI.sub("", composed)) + sum(
                _bytes(found[0]) for found in _EMOJI.finditer(composed)
            )
        case "weighted":
            return _weighted(composed)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _weighted(text: str) -> int:
    """Weighted characters: a link 23, a whole emoji 2, Latin and its neighbours 1, everything else 2.

    Source: twitter/twitter-text, config/v3.json and the README of version 3.0 on emoji.
    """
    plain, links = _LINK.subn("", text)
    bare, emoji = _EMOJI.subn("", plain)
    return links * _LINK_LENGTH + emoji * 2 + sum(1 if _is_light(ord(sign)) else 2 for sign in bare)


def _is_light(code_point: int) -> bool:
    return any(first <= code_point <= last for first, last in _LIGHT)
