"""Break costs of Chinese and Japanese, which write no spaces: any sign may begin a line but for the forbidden ones.

禁則 / 避头尾 rules first, then the change of script, by which Japanese shows most of its word boundaries. No
dictionary: a compound may be parted where it has no seam, at a cost.

Sources: JIS X 4051 and W3C "Requirements for Japanese Text Layout" §3.1.7–3.1.8, "Requirements for Chinese Text
Layout" §3.1 (characters not starting or ending a line).
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

__all__ = ["ideogram_break_costs"]

SENTENCE = 0
COMMA = 6
AFTER_PARTICLE = 24
BEFORE_OPENING = 20
BETWEEN_SCRIPTS = 40
BETWEEN_IDEOGRAMS = 60
BETWEEN_KANA = 80
WITHIN_FOREIGN_WORD = 300
FORBIDDEN = 3000

_SENTENCE_ENDS = frozenset("。．！？!?")
_PAUSES = frozenset("、，,；;：:…")
_NEVER_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー）］｝〕〉》」』】”’）)]}%％℃°…‥〜~"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.:;?!"
)
_NEVER_LAST = frozenset("（［｛〔〈《「『【“‘([{$￥¥＄£€#＃")
_PARTICLES = frozenset("はがをにへでともや")


def ideogram_break_costs(text: str, language: str) -> tuple[int, ...]:
    """The cost of a break before each character of `text` but the first; `language` is `zh` or `ja`."""
    return tuple(_cost(before, after, language) for before, after in pairwise(text))


def _cost(before: str, after: str, language: str) -> int:
    if after in _NEVER_FIRST or before in _NEVER_LAST or unicodedata.combining(after):
        return FORBIDDEN
    if before in _SENTENCE_ENDS:
        return SENTENCE
    if before in _PAUSES:
        return COMMA
    if after in _NEVER_LAST:
        return BEFORE_OPENING
    scripts = _script(before), _script(after)
    if scripts in (("latin", "latin"), ("katakana", "katakana")):
        return WITHIN_FOREIGN_WORD
    if scripts[0] != scripts[1]:
        if scripts[0] == "hiragana":
            return AFTER_PARTICLE if language == "ja" and before in _PARTICLES else BETWEEN_SCRIPTS
        # 食 | べる: kana after an ideogram most often belongs to its word.
        return BETWEEN_KANA if scripts[1] == "hiragana" else BETWEEN_SCRIPTS
    return BETWEEN_KANA if scripts[0] == "hiragana" else BETWEEN_IDEOGRAMS


def _script(character: str) -> str:
    if "ぁ" <= character <= "ゟ":
        return "hiragana"
    if "ァ" <= character <= "ヿ":
        return "katakana"
    return "ideogram" if unicodedata.east_asian_width(character) in ("W", "F") else "latin"
