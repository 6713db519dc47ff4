"""The brand kit: what `brand.yaml` says becomes frozen values, and every mistake is told at once with its line."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path

import pytest

from reels.art.colour import BLACK, LEAST_CONTRAST, WHITE, Colour, contrast_ratio
from reels.campaign.brand import (
    ALERT,
    DEFAULT_BRAND,
    ROLES,
    Brand,
    BrandClip,
    BrandColours,
    BrandFont,
    Kogl,
    LogoRules,
    MusicLicence,
    brand_problems,
    licence_line,
    load_brand,
)
from reels.campaign.roles import colour_of, font_of, logo_on
from reels.errors import CampaignProblem, CampaignProblems
from reels.resources import assets_dir, fonts_dir
from reels.said import in_language

SAMPLE = assets_dir() / "brand"
HEAD = 'name: 한빛시\ncolours: {primary: "#1456B8", secondary: "#FFB81C", ground: "#0B2545"}\n'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
FILM = b"\0\0\0\x14ftypqt  " + bytes(24)
FACE = "{file: own.otf, licence: OFL 1.1, attribution: © 한빛체}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files to name; of a picture at the start nobody reads more than the first bytes, of the others nothing."""
    for name in ("logo.png", "dark.svg", "own.otf", "end.mp4", "mark.png", "song.mp3"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "start.png").write_bytes(PNG)
    return tmp_path


def brand_of(folder: Path, text: str) -> Brand:
    (folder / "brand.yaml").write_text(HEAD + text, encoding="utf-8")
    return load_brand(folder)


def problems_of(folder: Path, text: str) -> dict[str, CampaignProblem]:
    with pytest.raises(CampaignProblems) as refused:
        brand_of(folder, text)
    return {problem.where.removeprefix("brand.yaml:"): problem for problem in refused.value.problems}


# --- what is read ----------------------------------------------------------------------------------------


def test_an_old_file_says_what_it_always_said(folder: Path) -> None:
    brand = brand_of(folder, "logo: logo.png\nfont: own.otf\ncredit: 한빛시\nglossary: [한빛천]\n")
    assert brand.logo == folder / "logo.png"
    assert brand.logo_rules is None, "a path alone sets no rules"
    assert brand.fonts == (BrandFont(path=folder / "own.otf"),)
    assert font_of("bold", brand) == font_of("extrabold", brand) == folder / "own.otf"
    assert (brand.credit, brand.address, brand.qr, brand.kogl, brand.intro, brand.music) == (
        *("한빛시", "", "", None, None),
        (),
    )


def test_a_full_kit_becomes_frozen_values(folder: Path) -> None:
    brand = brand_of(
        folder,
        "logo:\n  file: logo.png\n  clear_space: 0.3\n  min_width_px: 180\n"
        "  grounds: [footage, white, footage]\n  on_dark: dark.svg\n"
        f"fonts:\n  extrabold: {FACE}\n"
        "address: www.hanbit.example\nphone: 119\ncredit: 한빛시\n"
        "kogl: {type: 2, ai: true, mark: mark.png}\n"
        "intro: {file: start.png, for: 1.5}\noutro: end.mp4\n"
        "music:\n  - {file: song.mp3, title: 봄, licence: 양도}\n"
        "  - {name: other.mp3, title: 여름, licence: CC BY 4.0, attribution: 이도윤}\n",
    )
    assert brand.logo_rules == LogoRules(
        clear_space=Fraction(3, 10),
        min_width_px=180,
        grounds=("footage", "white"),
        on_dark=folder / "dark.svg",
    )
    assert brand.phone == "119", "a number to call, not to count with"
    assert brand.kogl == Kogl(type=2, ai=True, mark=folder / "mark.png")
    assert brand.intro == BrandClip(path=folder / "start.png", seconds=Fraction(3, 2))
    assert brand.outro == BrandClip(path=folder / "end.mp4", seconds=None)
    assert brand.music == (
        MusicLicence(title="봄", licence="양도", path=folder / "song.mp3"),
        MusicLicence(title="여름", licence="CC BY 4.0", attribution="이도윤", name="other.mp3"),
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        brand.phone = "112"  # type: ignore[misc]
    assert hash(brand) == hash(load_brand(folder))


def test_a_picture_without_seconds_is_shown_for_two(folder: Path) -> None:
    assert brand_of(folder, "outro: start.png\n").outro == BrandClip(
        path=folder / "start.png", seconds=Fraction(2)
    )


def test_a_picture_is_told_from_a_film_by_what_it_holds_and_not_by_its_name(folder: Path) -> None:
    (folder / "film.jpg").write_bytes(FILM)
    (folder / "picture.mp4").write_bytes(PNG)
    (folder / "picture.webp").write_bytes(b"RIFF\0\0\0\0WEBP")
    brand = brand_of(folder, "intro: film.jpg\noutro: {file: picture.mp4, for: 0.1}\n")
    assert brand.intro == BrandClip(path=folder / "film.jpg", seconds=None)
    assert brand.outro == BrandClip(path=folder / "picture.mp4", seconds=Fraction(1, 10))
    assert brand_of(folder, "intro: picture.webp\n").intro == BrandClip(
        path=folder / "picture.webp", seconds=Fraction(2)
    ), "cards can stand on it"
    found = problems_of(folder, "intro: {file: film.jpg, for: 2}\n")
    assert found["3 intro"].found == "`for` beside film.jpg"


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [
        ("a.gif", b"GIF89a", "an animated picture (GIF)"),
        ("a.svg", b"<svg xmlns='x'/>", "a drawing (SVG)"),
        ("a.png", b"\0\0\0\x18ftypheic", "a still picture (HEIC"),
        ("a.mp4", b"ID3", "sound only (MP3)"),
    ],
)
def test_a_clip_that_is_neither_film_nor_drawable_is_told_once_with_what_it_is(
    folder: Path, name: str, head: bytes, said: str
) -> None:
    (folder / name).write_bytes(head + bytes(24))
    (found,) = problems_of(folder, f"intro: {name}\n").values()
    assert found.found.startswith(f"{name}, {said}")
    assert found.expected == "a film, or a picture as PNG, JPEG or WebP"
    assert "영상이나 PNG, JPEG, WebP 그림" in found.sentence("ko")


@pytest.mark.parametrize("written", ["0.00000000000000000001", "1e-20000000", "0"])
def test_a_very_small_clear_space_is_nearly_none_and_costs_no_time(folder: Path, written: str) -> None:
    rules = brand_of(folder, f"logo: {{file: logo.png, clear_space: {written}}}\n").logo_rules
    assert rules is not None
    assert rules.clear_space < Fraction(1, 1000)


@pytest.mark.parametrize("written", ["a" * 300, '"a\\0b"', "~nobody-of-that-name/l.png"])
def test_a_name_that_no_file_can_have_is_a_file_that_is_not_there(folder: Path, written: str) -> None:
    found = problems_of(folder, f"logo: {written}\n")
    assert found["3 logo"].found.endswith("which is not there")


def test_a_brand_whose_name_is_too_long_for_the_disk_is_told_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(CampaignProblems, match="File name too long"):
        load_brand(tmp_path / ("b" * 300))


@pytest.mark.parametrize(
    ("text", "qr"),
    [
        ("address: www.hanbit.example\n", "https://www.hanbit.example"),
        ("address: http://hanbit.example/a\n", "http://hanbit.example/a"),
        ("address: www.hanbit.example\nqr: https://hanbit.example/go\n", "https://hanbit.example/go"),
        ("qr: tel:119\n", "tel:119"),
        ("", ""),
        ("address: www.hanbit.example\nqr: false\n", ""),
        ('address: www.hanbit.example\nqr: ""\n', "https://www.hanbit.example"),
        ("address: www.hanbit.example\nqr:\n", "https://www.hanbit.example"),
        ("address: 한빛시 중앙로 1\n", ""),
        ("address: www.hanbit.example 1층\n", ""),
        ("address: 한빛시청\n", ""),
        ("address: 한빛시청\nqr: tel:119\n", "tel:119"),
    ],
)
def test_the_code_says_the_address_as_a_telephone_opens_it(folder: Path, text: str, qr: str) -> None:
    assert brand_of(folder, text).qr == qr


def test_each_weight_has_its_face_and_one_alone_serves_for_both(folder: Path) -> None:
    one = brand_of(folder, f"fonts: {{extrabold: {FACE}}}\n")
    assert font_of("bold", one) == font_of("extrabold", one) == folder / "own.otf"
    shipped = FACE.replace("own.otf", "Pretendard-Bold.otf")
    both = brand_of(folder, f"fonts: {{bold: {shipped}, extrabold: {FACE}}}\n")
    assert font_of("bold", both) == fonts_dir() / "Pretendard-Bold.otf"
    assert font_of("extrabold", both) == folder / "own.otf"
    assert both.fonts[1].licence == "OFL 1.1"
    assert font_of("bold", DEFAULT_BRAND) == fonts_dir() / "Pretendard-Bold.otf"


def test_a_font_beside_the_file_goes_before_one_that_comes_with_reels(folder: Path) -> None:
    (folder / "Pretendard-Bold.otf").write_bytes(b"mine")
    brand = brand_of(folder, "font: Pretendard-Bold.otf\n")
    assert brand.fonts[0].path == folder / "Pretendard-Bold.otf"


def test_roles_that_a_brand_leaves_out_have_colours_that_can_be_read(folder: Path) -> None:
    brand = brand_of(folder, "")
    assert brand.colours.of("alert") == ALERT
    assert contrast_ratio(WHITE, ALERT) >= LEAST_CONTRAST
    muted = brand.colours.of("muted")
    assert muted not in (brand.colours.text, brand.colours.ground)
    assert contrast_ratio(muted, brand.colours.ground) >= LEAST_CONTRAST
    own = HEAD.replace("ground:", 'alert: "#AA0000", muted: "#CCCCCC", ground:')
    (folder / "brand.yaml").write_text(own, encoding="utf-8")
    assert [str(load_brand(folder).colours.of(role)) for role in ("alert", "muted")] == ["#AA0000", "#CCCCCC"]
    assert {str(colour_of(role, brand)) for role in ROLES} >= {"#1456B8", str(ALERT), str(muted)}


def test_muted_letters_are_never_paler_than_can_be_read() -> None:
    for text, ground in ((Colour(160, 160, 160), Colour(40, 40, 40)), (Colour(90, 90, 90), WHITE)):
        colours = BrandColours(primary=ground, secondary=ground, text=text, ground=ground)
        assert contrast_ratio(colours.of("muted"), ground) >= LEAST_CONTRAST
    faint = BrandColours(primary=WHITE, secondary=WHITE, text=Colour(200, 200, 200), ground=WHITE)
    assert faint.of("muted") == faint.text, "as far as it goes: lint warns of the text itself"


def test_a_dark_ground_gets_the_drawing_for_it(folder: Path) -> None:
    brand = brand_of(folder, "logo: {file: logo.png, on_dark: dark.svg}\n")
    assert logo_on(BLACK, brand) == folder / "dark.svg"
    assert logo_on(Colour.parse("#1456B8"), brand) == folder / "dark.svg"
    assert logo_on(WHITE, brand) == logo_on(Colour.parse("#FFB81C"), brand) == folder / "logo.png"
    assert logo_on(BLACK, brand_of(folder, "logo: logo.png\n")) == folder / "logo.png"
    assert logo_on(BLACK, DEFAULT_BRAND) is None


# --- 공공누리 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "ko", "en"),
    [
        ("0", "공공누리 제0유형: 자유이용", "KOGL Type 0: free use"),
        ('"1"', "공공누리 제1유형: 출처표시", "KOGL Type 1: attribution"),
        ("{type: '1'}", "공공누리 제1유형: 출처표시", "KOGL Type 1: attribution"),
        ("false", "", ""),
        ("null", "", ""),
        ("1", "공공누리 제1유형: 출처표시", "KOGL Type 1: attribution"),
        (
            "{type: 2, ai: true}",
            "공공누리 제2유형: 출처표시 + 상업적 이용금지 · AI 유형",
            "KOGL Type 2: attribution, non-commercial · AI Type",
        ),
        ("3", "공공누리 제3유형: 출처표시 + 변경금지", "KOGL Type 3: attribution, no derivatives"),
        (
            "{type: 4}",
            "공공누리 제4유형: 출처표시 + 상업적 이용금지 + 변경금지",
            "KOGL Type 4: attribution, non-commercial, no derivatives",
        ),
    ],
)
def test_the_licence_is_one_line_in_both_languages(folder: Path, written: str, ko: str, en: str) -> None:
    brand = brand_of(folder, f"kogl: {written}\n")
    assert (licence_line(brand, "ko"), licence_line(brand, "en")) == (ko, en)


def test_a_brand_without_a_licence_has_no_line() -> None:
    assert licence_line(DEFAULT_BRAND, "ko") == licence_line(DEFAULT_BRAND, "en") == ""


# --- what is refused -------------------------------------------------------------------------------------


def test_everything_that_is_wrong_is_told_at_once_with_line_and_nearest_key(folder: Path) -> None:
    found = problems_of(
        folder,
        "logo:\n  file: none.png\n  clear_spac: 1\n  clear_space: 3\n  grounds: [footage, whit]\n"
        "kogl: 7\n"
        "intro: {file: end.mp4, for: 2}\n"
        "fonts:\n  bold: {file: own.otf}\n  heavy: {}\n"
        "music: [{title: 봄, licence: 양도}]\n"
        "phon: 119\n",
    )
    assert list(found) == [
        "4 logo.file",
        "5 logo.clear_spac",
        "6 logo.clear_space",
        "7 logo.grounds[1]",
        "8 kogl",
        "9 intro",
        "11 fonts.bold.licence",
        "11 fonts.bold.attribution",
        "12 fonts.heavy",
        "13 music[0]",
        "14 phon",
    ]
    assert found["4 logo.file"].found == "none.png, which is not there"
    assert found["5 logo.clear_spac"].remedy == "perhaps you meant clear_space"
    assert found["7 logo.grounds[1]"].remedy == "perhaps you meant white"
    assert found["8 kogl"].expected == "a type from 0 to 4"
    assert "under which licence" in found["11 fonts.bold.licence"].expected
    assert found["14 phon"].remedy == "perhaps you meant phone"
    for problem in found.values():
        for fact in (problem.found, problem.expected, problem.remedy):
            korean = in_language(fact, "ko")
            # A bare name or number is the same in both languages.
            assert korean != fact or len(fact.split()) <= 1, fact


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("kogl: {type: 0, ai: true}\n", "3 kogl", "types 1 to 4"),
        ("kogl: {ai: true}\n", "3 kogl.type", "the key type"),
        ("kogl: 제1유형\n", "3 kogl", "a type from 0 to 4"),
        ("kogl: true\n", "3 kogl", "a type from 0 to 4"),
        ("kogl: {type: true}\n", "3 kogl.type", "a type from 0 to 4"),
        ("kogl: {type: }\n", "3 kogl.type", "a type from 0 to 4"),
        ("kogl: 1.0\n", "3 kogl", "a type from 0 to 4"),
        ("logo: {file: logo.png, min_width_px: true}\n", "3 logo.min_width_px", "a whole number"),
        ("logo: {file: logo.png, clear_space: true}\n", "3 logo.clear_space", "from 0 to 2"),
        ("logo: {file: logo.png, clear_space: 1e20000000}\n", "3 logo.clear_space", "from 0 to 2"),
        ("intro: {file: start.png, for: 0.00001}\n", "3 intro.for", "from 0.1 to 30"),
        (f"font: own.otf\nfonts: {{bold: {FACE}}}\n", "3 font", "one of the two"),
        ("intro: {file: start.png, for: 0}\n", "3 intro.for", "seconds"),
        ("intro: {file: start.png, for: 31}\n", "3 intro.for", "from 0.1 to 30"),
        ("outro: [end.mp4]\n", "3 outro", "keys and their values"),
        ("logo: {min_width_px: 80}\n", "3 logo.file", "the key file"),
        ("logo: {file: logo.png, min_width_px: 2000}\n", "3 logo.min_width_px", "at most 1080"),
        ("logo: 1\n", "3 logo", "keys and their values"),
        ("music: [{file: song.mp3, name: a.mp3, title: 봄, licence: 양도}]\n", "3 music[0]", "either `file`"),
        ("phone: [1]\n", "3 phone", "text"),
        ('alert: "#FF0000"\n', "3 alert", "one of address"),
    ],
)
def test_a_wrong_value_is_never_taken_for_another(folder: Path, text: str, where: str, said: str) -> None:
    found = problems_of(folder, text)
    assert list(found) == [where]
    assert said in found[where].expected


def test_an_unknown_colour_is_refused(folder: Path) -> None:
    (folder / "brand.yaml").write_text(
        HEAD.replace("ground:", 'alert: red, warning: "#FF0000", ground:'), encoding="utf-8"
    )
    with pytest.raises(CampaignProblems) as refused:
        load_brand(folder)
    assert [problem.where for problem in refused.value.problems] == [
        "brand.yaml:2 colours.alert",
        "brand.yaml:2 colours.warning",
    ]


# --- the sample ------------------------------------------------------------------------------------------


def test_the_sample_brand_is_a_whole_kit_of_a_city_that_does_not_exist() -> None:
    brand = load_brand(SAMPLE)
    assert brand.logo == SAMPLE / "logo.svg"
    assert brand.logo_rules is not None
    assert brand.address.endswith(".example")
    assert brand.qr == brand.address
    assert "0000" in brand.phone
    assert licence_line(brand, "ko") == "공공누리 제1유형: 출처표시"
    assert brand.credit
    assert [font.path.parent for font in brand.fonts] == [fonts_dir(), fonts_dir()]
    assert all(font.licence and font.attribution for font in brand.fonts)
    assert brand_problems(brand) == ()
