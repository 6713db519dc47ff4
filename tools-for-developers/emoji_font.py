"""Makes assets/fonts/emoji/NotoEmoji-Bold.ttf of the bold face in the npm package @fontsource/noto-emoji.

    npm pack @fontsource/noto-emoji@5.3.2 && tar xzf fontsource-noto-emoji-5.3.2.tgz
    python tools-for-developers/emoji_font.py package     (needs fonttools and brotli)

Pillow's basic layout knows no ligatures, so flags and keycaps get code points of their own in a private plane, by the
rule that `reels.art.letters` reads texts by. Skin tones, joiners and single letters of flags are left out.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from reels.art.letters import FLAG_LETTERS, KEYCAP, KEYCAPS, SKIN_TONES, flag_sign, keycap_sign
from reels.fonts import emoji_font


def make(package: Path, out: Path) -> None:
    """Write the face and its licence."""
    face = TTFont(package / "files" / "noto-emoji-emoji-700-normal.woff2")
    names = face.getBestCmap()
    signs = _signs(face, {glyph: code for code, glyph in names.items()})
    left_out = {*FLAG_LETTERS, *SKIN_TONES, KEYCAP, 0x200D, *range(0x80), *range(0xFE00, 0xFE10)}
    kept = {code: glyph for code, glyph in names.items() if code not in left_out and code < 0xE0000}
    for table in face["cmap"].tables:
        if table.format == 12:
            table.cmap = {**kept, **signs}
    face["cmap"].tables = [table for table in face["cmap"].tables if table.format == 12]
    for tag in ("GSUB", "STAT", "gasp", "vhea", "vmtx"):
        if tag in face:
            del face[tag]
    options = Options()
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[*kept, *signs])
    subsetter.subset(face)
    face.flavor = None
    face["head"].modified = face["head"].created  # the same bytes on every day
    face.recalcTimestamp = False
    out.parent.mkdir(exist_ok=True)
    face.save(out)
    shutil.copyfile(package / "LICENSE", out.with_name("LICENSE.txt"))


def _signs(face: TTFont, code_of: dict[str, int]) -> dict[int, str]:
    """The private code point of each flag and keycap with its glyph."""
    signs: dict[int, str] = {}
    for lookup in face["GSUB"].table.LookupList.Lookup:
        for outer in lookup.SubTable:
            table = getattr(outer, "ExtSubTable", outer)
            for first, ligatures in getattr(table, "ligatures", {}).items():
                for ligature in ligatures:
                    codes = [code_of.get(glyph, 0) for glyph in (first, *ligature.Component)]
                    if len(codes) == 2 and all(code in FLAG_LETTERS for code in codes):
                        signs[ord(flag_sign(chr(codes[0]) + chr(codes[1])))] = ligature.LigGlyph
                    elif len(codes) == 2 and chr(codes[0]) in KEYCAPS and codes[1] == KEYCAP:
                        signs[ord(keycap_sign(chr(codes[0])))] = ligature.LigGlyph
    return signs


if __name__ == "__main__":
    target = emoji_font()
    make(Path(sys.argv[1]), target)
    print(f"{target}: {target.stat().st_size} bytes")
