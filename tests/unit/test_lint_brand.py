"""The rules of lint about the brand: each fires on the brand that breaks it, and on nothing else."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from reels.art.colour import BLACK, WHITE
from reels.campaign.brand import load_brand
from reels.campaign.load import load_campaign
from reels.campaign.roles import logo_on
from reels.fonts import SYLLABLES, USUAL_SYLLABLES, load_font, shipped_fonts
from reels.lint import Finding, lint_campaign
from reels.lint.brand import _SIGNS
from reels.resources import assets_dir
from reels.said import in_language

from .test_lint import BRAND, CAMPAIGN, film

SAMPLE = assets_dir() / "brand"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><rect width="300" height="100" fill="{}"/></svg>'


def font(path: Path, characters: str) -> None:
    """A face that maps every one of `characters` to the same small square."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 500))
    pen.lineTo((500, 500))
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({ord(character): "square" for character in characters})
    builder.setupGlyf({".notdef": pen.glyph(), "square": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (600, 0), "square": (600, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2(usWinAscent=800, usWinDescent=200)
    builder.setupNameTable({"familyName": "Hanbit", "styleName": "Bold", "fullName": "Hanbit Bold"})
    builder.setupPost()
    builder.save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    film(tmp_path / "IMG_0412.mp4")
    (tmp_path / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    return tmp_path


def lint(folder: Path, brand: str) -> list[Finding]:
    (folder / "brand.yaml").write_text(BRAND + brand, encoding="utf-8")
    return list(lint_campaign(load_campaign(folder)))


def one(folder: Path, brand: str) -> tuple[str, str, str, str]:
    """The only finding: rule, severity, where and what was found."""
    (found,) = lint(folder, brand)
    for fact in (found.found, found.expected):
        assert in_language(fact, "ko") != fact or len(fact.split()) == 1, "told in Korean too"
    return found.rule, found.severity, found.where, found.found


def test_the_sample_brand_breaks_no_rule(folder: Path) -> None:
    for file in SAMPLE.iterdir():
        shutil.copy(file, folder)
    assert list(lint_campaign(load_campaign(folder))) == []


# --- files -----------------------------------------------------------------------------------------------

BROKEN: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "a logo": ("logo: l.png", lambda f: (f / "l.png").write_bytes(b"no"), "logo"),
    "a drawing of a logo": (
        "logo: l.svg",
        lambda f: (f / "l.svg").write_text("<svg><text/></svg>"),
        "logo",
    ),
    "a logo for dark grounds": (
        "logo: {file: l.png, on_dark: d.png}",
        lambda f: (shutil.copy(SAMPLE / "logo.png", f / "l.png"), (f / "d.png").write_bytes(b"no")),
        "logo.on_dark",
    ),
    "a font": ("font: f.otf", lambda f: (f / "f.otf").write_bytes(b"no"), "font"),
    "a film": ("intro: i.mp4", lambda f: (f / "i.mp4").write_bytes(b"no"), "intro"),
    "a picture at the end": ("outro: o.png", lambda f: (f / "o.png").write_bytes(b"no"), "outro"),
    "a mark": (
        "kogl: {type: 1, mark: m.png}\ncredit: 한빛시",
        lambda f: (f / "m.png").write_bytes(b""),
        "kogl.mark",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_cannot_be_used_is_an_error_at_its_key(folder: Path, case: str) -> None:
    brand, write, key = BROKEN[case]
    write(folder)
    rules = [(f.rule, f.severity, f.where) for f in lint(folder, brand) if f.rule.startswith("brand.")]
    assert rules == [("brand.file", "error", f"brand.yaml {key}")]


def test_clips_that_open_are_quiet(folder: Path) -> None:
    film(folder / "i.mp4")
    Image.new("RGB", (90, 160)).save(folder / "o.png")
    Image.new("RGB", (90, 160)).save(folder / "o.webp")
    assert lint(folder, "intro: i.mp4\noutro: {file: o.png, for: 2}\n") == []
    assert lint(folder, "intro: i.mp4\noutro: o.webp\n") == []


def test_a_picture_at_the_end_that_is_damaged_is_an_error_at_its_key(folder: Path) -> None:
    Image.new("RGB", (90, 160)).save(folder / "o.png")
    (folder / "o.png").write_bytes((folder / "o.png").read_bytes()[:60])
    assert [(f.rule, f.where) for f in lint(folder, "outro: o.png\n")] == [("brand.file", "brand.yaml outro")]


# --- letters ---------------------------------------------------------------------------------------------

LICENSED = "fonts: {bold: {file: f.ttf, licence: OFL, attribution: 한빛체}}\n"


def test_the_usual_syllables_are_those_of_the_standard() -> None:
    assert len(USUAL_SYLLABLES) == len(set(USUAL_SYLLABLES)) == 2350
    assert (USUAL_SYLLABLES[0], USUAL_SYLLABLES[-1]) == ("가", "힝")
    assert (len(SYLLABLES), SYLLABLES[-1]) == (11172, "힣")
    assert "뷁" not in USUAL_SYLLABLES
    assert all(load_font(path).missing(SYLLABLES + _SIGNS) == () for path in shipped_fonts())


def test_a_font_without_hangul_is_an_error_with_the_number_of_what_it_lacks(folder: Path) -> None:
    font(folder / "f.ttf", _SIGNS)
    rule, severity, where, found = one(folder, LICENSED)
    assert (rule, severity, where) == ("brand.font-hangul", "error", "brand.yaml fonts.bold")
    assert found.startswith("2350 of 2,350 usual syllables missing: 가 각 간")


def test_a_font_without_rare_syllables_is_a_warning(folder: Path) -> None:
    font(folder / "f.ttf", _SIGNS + USUAL_SYLLABLES)
    rule, severity, _, found = one(folder, LICENSED)
    assert (rule, severity) == ("brand.font-hangul", "warning")
    assert found.startswith("8822 of 11,172 syllables missing: 갂")


def test_a_font_without_latin_digits_or_signs_is_a_warning(folder: Path) -> None:
    font(folder / "f.ttf", SYLLABLES + _SIGNS.replace("7", "").replace("…", ""))
    rule, severity, _, found = one(folder, LICENSED)
    assert (rule, severity) == ("brand.font-hangul", "warning")
    assert "2 of" in found
    assert found.endswith("missing: 7 …")


def test_a_font_without_a_licence_is_a_warning(folder: Path) -> None:
    font(folder / "f.ttf", SYLLABLES + _SIGNS)
    assert lint(folder, LICENSED) == []
    assert one(folder, "font: f.ttf\n") == (
        *("brand.font-licence", "warning", "brand.yaml font"),
        "f.ttf without a licence",
    )


# --- the mark --------------------------------------------------------------------------------------------


def logo(folder: Path, colour: str = "#FFFFFF", name: str = "l.svg") -> None:
    (folder / name).write_text(SVG.format(colour), encoding="utf-8")


def test_a_logo_shown_narrower_than_it_may_be_is_a_warning(folder: Path) -> None:
    logo(folder)
    assert lint(folder, "logo: {file: l.svg, min_width_px: 230}\n") == []
    assert one(folder, "logo: {file: l.svg, min_width_px: 232}\n") == (
        *("brand.logo-size", "warning", "interview/template.yaml logo.width_px"),
        "a logo 230 px wide",
    )


def test_a_tall_logo_is_as_wide_as_its_height_allows(folder: Path) -> None:
    Image.new("RGBA", (100, 200), (255, 255, 255, 255)).save(folder / "l.png")
    rule, _, _, found = one(folder, "logo: {file: l.png, min_width_px: 100, clear_space: 0}\n")
    assert (rule, found) == ("brand.logo-size", "a logo 80 px wide")


def test_a_logo_without_its_clear_space_is_a_warning(folder: Path) -> None:
    """The logo is 230x76 pixels; beside and above it the picture ends, and what stands below keeps its distance."""
    logo(folder)
    assert lint(folder, "logo: {file: l.svg, clear_space: 0.7}\n") == []
    rule, severity, where, found = one(folder, "logo: {file: l.svg, clear_space: 1.5}\n")
    assert (rule, severity, where) == ("brand.logo-space", "warning", "interview/template.yaml logo")
    assert found.endswith("px free around a logo 76 px high")


def test_a_logo_that_may_not_stand_on_the_picture_is_a_warning_where_it_does(folder: Path) -> None:
    logo(folder)
    assert one(folder, "logo: {file: l.svg, grounds: [primary]}\n") == (
        *("brand.logo-ground", "warning", "interview/template.yaml logo"),
        "the logo on the picture itself",
    )


def test_a_logo_that_cannot_be_told_from_a_ground_is_a_warning(folder: Path) -> None:
    logo(folder)
    logo(folder, "#0B2545", "navy.svg")
    rules = "logo: {file: l.svg, grounds: [footage, primary, ground, white]%s}\n"
    assert one(folder, rules % "") == (
        *("brand.logo-ground", "warning", "brand.yaml logo.grounds"),
        "0% of l.svg stands out from white #FFFFFF",
    )
    assert lint(folder, rules % ", on_light: navy.svg") == []
    dark = lint(folder, rules % ", on_light: navy.svg, on_dark: navy.svg")
    assert [f.found.split("stands out from ")[1].split()[0] for f in dark] == ["primary", "ground"]


def test_a_logo_of_many_colours_is_judged_by_the_share_that_stands_out(folder: Path) -> None:
    picture = Image.new("RGBA", (300, 100), (255, 255, 255, 255))
    picture.paste((11, 37, 69, 255), (0, 0, 90, 100))
    picture.save(folder / "l.png")
    assert lint(folder, "logo: {file: l.png, grounds: [footage, white]}\n") == []


def test_a_brand_that_says_nothing_of_its_logo_is_asked_nothing(folder: Path) -> None:
    Image.new("RGBA", (100, 100), (255, 255, 255, 255)).save(folder / "l.png")
    assert lint(folder, "logo: l.png\n") == []


# --- licences --------------------------------------------------------------------------------------------


def test_music_that_the_brand_does_not_list_is_a_warning(folder: Path) -> None:
    (folder / "m").mkdir()
    for name, content in (("m/a.mp3", b"one"), ("b.mp3", b"one"), ("c.mp3", b"two")):
        (folder / name).write_bytes(content)
    text = (folder / "campaign.yaml").read_text(encoding="utf-8")

    def told(music: str, brand: str) -> list[tuple[str, str, str]]:
        (folder / "campaign.yaml").write_text(f"{text}music: {{file: {music}}}\n", encoding="utf-8")
        return [(f.rule, f.severity, f.found) for f in lint(folder, brand)]

    listed = "music: [{file: m/a.mp3, title: 봄, licence: 양도}]\n"
    assert told("c.mp3", "") == [], "nobody asks"
    assert told("m/a.mp3", listed) == []
    assert told("b.mp3", listed) == [], "a copy"
    assert told("c.mp3", listed) == [("brand.music-licence", "warning", "c.mp3")]
    assert told("c.mp3", listed.replace("file: m/a.mp3", "name: c.mp3")) == []


def test_music_listed_by_its_name_is_known_however_the_disk_spells_it(folder: Path) -> None:
    apart = unicodedata.normalize("NFD", "봄노래.mp3")
    (folder / apart).write_bytes(b"one")
    with (folder / "campaign.yaml").open("a", encoding="utf-8") as file:
        file.write("music: 봄노래.mp3\n")
    assert lint(folder, "music: [{name: 봄노래.mp3, title: 봄, licence: 양도}]\n") == []


def test_a_licence_that_asks_for_a_name_wants_one(folder: Path) -> None:
    assert lint(folder, "kogl: 0\n") == lint(folder, "kogl: 1\ncredit: 한빛시\n") == []
    assert one(folder, "kogl: 3\n") == (
        *("brand.kogl", "warning", "brand.yaml kogl"),
        "type 3 without a credit",
    )


# --- contrast --------------------------------------------------------------------------------------------


def test_large_letters_need_less_contrast_than_small_ones(folder: Path) -> None:
    """White on #808080 has 3.9:1: enough for a title of 56 pixels, not for one of 55."""
    own = folder / "own"
    own.mkdir()
    text = (folder / "campaign.yaml").read_text(encoding="utf-8").replace("interview", "own")
    (folder / "campaign.yaml").write_text(text, encoding="utf-8")
    grey = 'colours: {primary: "#1456B8", secondary: "#808080", ground: "#0B2545"}'
    (folder / "brand.yaml").write_text(f"name: 한빛시\n{grey}\n", encoding="utf-8")

    def told(size: int) -> list[tuple[str, str]]:
        head = "name: own\nversion: 1\ndescription: {ko: 우리, en: ours}\n"
        title = f"title: {{size_px: {size}, text: white, ground: secondary}}\n"
        (own / "template.yaml").write_text(head + title, encoding="utf-8")
        return [(f.rule, f.expected) for f in lint_campaign(load_campaign(folder))]

    assert told(56) == []
    assert told(55) == [("template.contrast", "a contrast of at least 4.5:1")]


def test_a_card_on_a_colour_that_the_campaign_names_is_judged_on_that_colour(folder: Path) -> None:
    """White on #FFB81C has 1.7:1."""

    def told(card: str) -> list[tuple[str, str, str]]:
        text = CAMPAIGN.replace("  - id: hello\n", f"  - id: hello\n    cards: [{card}]\n")
        (folder / "campaign.yaml").write_text(text, encoding="utf-8")
        return [(f.rule, f.severity, f.where) for f in lint(folder, "")]

    faint = ("template.contrast", "warning", "campaign.yaml:7 reels[0].cards[0].ground")
    assert told("{text: 안녕, ground: secondary}") == [faint]
    assert told("{text: 안녕, ground: primary}") == []
    assert told("{text: 안녕}") == []


def test_an_end_card_shows_the_mark_on_a_ground_that_the_brand_allows(folder: Path) -> None:
    campaign = folder / "campaign.yaml"
    text = campaign.read_text(encoding="utf-8")
    campaign.write_text(text.replace("reels:", "end_card: true\nreels:", 1), encoding="utf-8")
    Image.new("RGB", (400, 200), "white").save(folder / "l.png")
    found = lint(folder, "logo: {file: l.png, grounds: [footage, black]}\n")
    told = [(one.rule, one.where, one.found) for one in found if "cards." in one.where]
    assert [(rule, where.rpartition(" ")[2], said) for rule, where, said in told] == [
        ("brand.logo-ground", "cards.end", "the logo on primary")
    ]
    allowed = lint(folder, "logo: {file: l.png, grounds: [footage, primary]}\n")
    assert not [one for one in allowed if "cards." in one.where]


def test_the_end_card_shows_the_drawing_for_its_ground(folder: Path) -> None:
    Image.new("RGB", (400, 200), "black").save(folder / "dark.png")
    Image.new("RGB", (400, 200), "white").save(folder / "light.png")
    lint(folder, "logo: {file: dark.png, on_dark: light.png}\n")
    brand = load_brand(folder / "brand.yaml")
    assert logo_on(BLACK, brand) == folder / "light.png"
    assert logo_on(WHITE, brand) == folder / "dark.png"
