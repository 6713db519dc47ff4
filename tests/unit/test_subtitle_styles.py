"""Subtitle styles: found by name, legible in every brand, and in a place of their own on every platform."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import pytest

from reels.art.colour import Colour, contrast_ratio
from reels.campaign.brand import DEFAULT_BRAND, Brand, load_brand
from reels.campaign.load import load_campaign
from reels.campaign.model import ReelSpec
from reels.campaign.subtitle_style import (
    StyleKeys,
    SubtitleStyle,
    list_subtitle_styles,
    load_subtitle_style,
    subtitle_look,
    subtitle_problems,
)
from reels.campaign.template import list_templates, load_template, zones_of
from reels.errors import CampaignProblems, UsageError
from reels.geometry import Box, Raster
from reels.layout import Stage, SubtitleZone, Zones, scaled, stage_of
from reels.plan.delivery import common_keep_clear, common_safe_area
from reels.platforms import Platform, list_platforms, load_platform
from reels.resources import assets_dir, templates_dir

STYLES = ("bilingual", "box", "disaster", "highlight", "interview", "keyword", "outline", "short")
SAMPLE = load_brand(assets_dir() / "brand")
HEAD = "name: mine\nversion: 1\ndescription: {ko: 우리 것, en: ours}\n"


def brand_of(tmp_path: Path, **colours: str) -> Brand:
    given = {"primary": "#1456B8", "secondary": "#FFB81C", "ground": "#0B2545"} | colours
    text = "name: 한빛시\ncolours: {" + ", ".join(f'{k}: "{v}"' for k, v in given.items()) + "}\n"
    (tmp_path / "brand.yaml").write_text(text, encoding="utf-8")
    return load_brand(tmp_path / "brand.yaml")


# --- names -----------------------------------------------------------------------------------------------


def test_the_styles_are_listed_by_name_and_told_in_both_languages() -> None:
    styles = list_subtitle_styles()
    assert tuple(style.name for style in styles) == STYLES
    for style in styles:
        assert any("가" <= letter <= "힣" for letter in style.description("ko"))
        assert style.description("en").isascii()
        assert hash(style) == hash(load_subtitle_style(style.name))


def test_styles_are_no_templates() -> None:
    assert not {template.name for template in list_templates()} & set(STYLES) - {"interview", "disaster"}
    assert not (templates_dir() / "subtitles" / "template.yaml").exists()


def test_an_unknown_style_names_the_nearest_one() -> None:
    with pytest.raises(UsageError) as caught:
        load_subtitle_style("outlin")
    assert caught.value.remedy == "perhaps you meant outline"
    assert "disaster" in caught.value.expected


@pytest.mark.parametrize("name", ["../outline", "outline.yaml", "", "자막", "subtitles/outline"])
def test_a_style_is_a_name_and_never_a_path(name: str) -> None:
    with pytest.raises(UsageError):
        load_subtitle_style(name)


def test_a_template_changes_single_keys_of_the_style_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        HEAD + "subtitles: {style: box, size_px: 70, box: null, outline_px: 5, raised_px: 200}\n", "utf-8"
    )
    mine = load_template(tmp_path)
    box = load_subtitle_style("box")
    assert mine.subtitles == replace(box, size_px=70, box=None, outline_px=5)
    assert mine.subtitle_place.raised_px == 200
    (tmp_path / "template.yaml").write_text(HEAD + "subtitles:\n  style: boks\n  siz_px: 3\n", "utf-8")
    with pytest.raises(CampaignProblems, match="perhaps you meant size_px"):
        load_template(tmp_path)
    (tmp_path / "template.yaml").write_text(HEAD + "subtitles:\n  style: bok\n", "utf-8")
    with pytest.raises(CampaignProblems) as caught:
        load_template(tmp_path)
    (problem,) = caught.value.problems
    assert problem.where.endswith("template.yaml:5 subtitles.style")
    assert problem.remedy == "perhaps you meant box"


def test_the_built_in_templates_look_as_they_did_before_styles_had_names() -> None:
    plain, interview = load_template("plain").subtitles, load_template("interview").subtitles
    assert plain == interview
    assert (plain.weight, plain.size_px, plain.text, plain.outline) == ("bold", 64, "white", "black")
    assert (plain.outline_px, plain.box, plain.lines, plain.pace) == (6, None, 2, "full")
    news = load_template("announcement").subtitles
    assert (news.weight, news.size_px, news.text, news.outline_px, news.lines) == (
        "extrabold",
        62,
        "text",
        0,
        2,
    )
    assert news.box is not None
    assert (news.box.colour, news.box.opacity, news.box.padding_px) == ("ground", Fraction(88, 100), 18)
    places = [load_template(name).subtitle_place.raised_px for name in ("announcement", "interview", "plain")]
    assert places == [120, 120, 120]


# --- a campaign's choice ---------------------------------------------------------------------------------

CAMPAIGN = """\
campaign: 한빛시 봄축제
template: announcement
subtitles: {model: nano-ko, style: keyword, keywords: [한옥마을], punctuation: false}
reels:
  - id: one
    clips: [{footage: a.mov}]
  - id: two
    subtitles: {style: disaster, speakers: [최가온]}
    clips: [{footage: a.mov}]
  - id: three
    subtitles: {keywords: []}
    clips: [{footage: a.mov}]
"""


def reels_of(tmp_path: Path, text: str) -> tuple[ReelSpec, ...]:
    (tmp_path / "campaign.yaml").write_text(text, encoding="utf-8")
    return load_campaign(tmp_path).reels


def test_a_campaign_or_a_reel_chooses_the_style_and_the_template_keeps_its_place(tmp_path: Path) -> None:
    one, two, three = reels_of(tmp_path, CAMPAIGN)
    assert one.template.subtitles == load_subtitle_style("keyword")
    assert two.template.subtitles == load_subtitle_style("disaster")
    assert two.template.subtitle_place == load_template("announcement").subtitle_place
    assert two.template.title == load_template("announcement").title
    assert (one.captions.keywords, three.captions.keywords) == (("한옥마을",), ())
    assert (two.captions.punctuation, two.captions.speakers) == (False, ("최가온",))
    assert dict(two.origins)["subtitles.style"] == "reel"
    assert dict(two.origins)["subtitles.punctuation"] == "campaign"
    # How words are shown decides nothing of how they are heard: two reels still share a draft.
    assert one.subtitles == two.subtitles


def test_without_a_choice_the_templates_own_style_stands(tmp_path: Path) -> None:
    (only,) = reels_of(tmp_path, "campaign: 봄\nreels: [{id: one, clips: [{footage: a.mov}]}]\n")
    assert only.template == load_template("plain")
    assert only.captions.punctuation


def test_a_mistyped_style_is_told_once_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(CampaignProblems) as caught:
        reels_of(tmp_path, CAMPAIGN.replace("style: keyword", "style: keywrd").replace("disaster", "disastr"))
    assert [(p.where, p.remedy) for p in caught.value.problems] == [
        ("campaign.yaml:3 subtitles.style", "perhaps you meant keyword"),
        ("campaign.yaml:8 reels[1].subtitles.style", "perhaps you meant disaster"),
    ]


# --- colours ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("brand", [DEFAULT_BRAND, SAMPLE], ids=["none", "sample"])
@pytest.mark.parametrize("name", STYLES)
def test_built_in_styles_keep_contrast_in_the_built_in_brands(name: str, brand: Brand) -> None:
    assert subtitle_problems(load_subtitle_style(name), brand, "here") == ()


def test_a_warning_keeps_seven_to_one_on_its_plate_over_any_picture() -> None:
    style = load_subtitle_style("disaster")
    assert style.least_contrast == 7
    look = subtitle_look(style, SAMPLE)
    assert look.box is not None
    for behind in (0, 255):
        shining = Colour(
            *(round(look.box_opacity * part + (1 - look.box_opacity) * behind) for part in look.box.rgb)
        )
        assert contrast_ratio(look.text, shining) >= 7
    assert style.size_px > load_subtitle_style("box").size_px


def test_letters_on_a_plate_are_judged_by_the_picture_that_shines_through(tmp_path: Path) -> None:
    style = load_subtitle_style("box")
    assert style.box is not None
    thin = replace(style, box=replace(style.box, opacity=Fraction(3, 10)))
    (problem,) = subtitle_problems(thin, SAMPLE, "here")
    assert problem.where == "here subtitles.text"
    assert "(30%)" in problem.found
    (problem,) = subtitle_problems(style, brand_of(tmp_path, ground="#7FC4FF"), "here")
    assert "#FFFFFF on ground #7FC4FF (88%)" in problem.found


def test_the_spoken_word_takes_the_first_brand_colour_that_stands_out(tmp_path: Path) -> None:
    style = load_subtitle_style("highlight")
    dark, light = brand_of(tmp_path), brand_of(tmp_path, primary="#2AA8FF")
    assert subtitle_look(style, dark).spoken == Colour.parse("#FFB81C")
    assert subtitle_look(style, light).spoken == Colour.parse("#2AA8FF")
    neither = brand_of(tmp_path, secondary="#401010")
    (problem,) = subtitle_problems(style, neither, "here")
    assert problem.where == "here subtitles.spoken"
    (problem,) = subtitle_problems(load_subtitle_style("keyword"), neither, "here")
    assert "secondary #401010 on black #000000" in problem.found


def test_without_a_brand_a_marked_word_is_no_fainter_grey() -> None:
    for look in (
        subtitle_look(load_subtitle_style(name), DEFAULT_BRAND) for name in ("highlight", "keyword")
    ):
        marked = look.spoken or look.keyword
        assert marked is not None
        assert max(marked.rgb) - min(marked.rgb) > 100


def test_speakers_have_colours_that_stand_out_and_differ() -> None:
    style = load_subtitle_style("interview")
    colours = subtitle_look(style, SAMPLE).speakers
    assert len(set(colours)) == len(colours) >= 4
    assert all(contrast_ratio(c, Colour(0, 0, 0)) >= 4.5 for c in colours)
    pale = replace(style, outline="white")
    assert subtitle_look(pale, SAMPLE).speakers == (Colour(255, 255, 255),)
    assert {p.where for p in subtitle_problems(pale, SAMPLE, "here")} >= {"here subtitles.speakers.colours"}


# --- the page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["subtitle-styles.md", "subtitle-styles.ko.md"])
def test_the_page_names_every_style_and_every_key_and_its_example_is_a_template(
    name: str, tmp_path: Path
) -> None:
    page = (Path(__file__).parents[2] / "docs" / name).read_text(encoding="utf-8")
    named = re.findall(r"^\| `([a-z]+)` \|", page[: page.index("\n## ")], re.M)
    assert tuple(sorted(named)) == STYLES
    keys = page[page.index("| `weight`") :]
    assert set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\|([^|]+)\|", keys, re.M)))) == set(
        StyleKeys.model_fields
    )
    blocks = re.findall(r"^```yaml\n(.*?)^```$", page, re.M | re.S)
    (tmp_path / "template.yaml").write_text(blocks[-1], encoding="utf-8")
    assert load_template(tmp_path).subtitles.size_px == 72
    head = "campaign: 봄\nreels: [{id: one, clips: [{footage: a.mov}]}]\n"
    reels = [reels_of(tmp_path, head + block)[0] for block in blocks[:-1]]
    chosen = [reel.template.subtitles.name for reel in reels[:4]]
    assert chosen == ["highlight", "keyword", "interview", "bilingual"]


# --- places ----------------------------------------------------------------------------------------------

TEMPLATES = {template.name: template for template in list_templates()}
GROUPS = [
    *((platform,) for platform in list_platforms()),
    (load_platform("instagram-reels"), load_platform("youtube-shorts")),
    (load_platform("instagram-reels"), load_platform("tiktok"), load_platform("facebook-reels")),
]


def staged(style: SubtitleStyle, template: str, platforms: tuple[Platform, ...]) -> tuple[Stage, Box]:
    """The stage with the largest mark that it allows, in `style`, for `platforms`."""
    raster, safe = platforms[0].raster, common_safe_area(platforms)
    clear = common_keep_clear(platforms)
    zones = zones_of(replace(TEMPLATES[template], subtitles=style), SAMPLE)
    logo = stage_of(raster, safe, zones, keep_clear=clear).logo_room
    return stage_of(raster, safe, zones, logo=logo, keep_clear=clear), safe


@pytest.mark.parametrize("platforms", GROUPS, ids=lambda group: "+".join(p.name for p in group))
def test_every_style_of_every_template_stands_clear_of_everything(platforms: tuple[Platform, ...]) -> None:
    for style, template in product(list_subtitle_styles(), TEMPLATES):
        stage, safe = staged(style, template, platforms)
        told = f"{style.name} in {template}"
        subtitles, third = stage.subtitles.box, stage.low
        assert stage.logo is not None
        boxes = [("logo", stage.logo), ("top", stage.top), ("low", third), ("subtitles", subtitles)]
        boxes += [(name, box) for name, box in (("foot", stage.foot), ("progress", stage.progress)) if box]
        for _, box in boxes:
            assert safe.contains(box), told
        for (one, first), (other, second) in combinations(boxes, 2):
            assert first.intersection(second) is None, (told, one, other)
        for box in common_keep_clear(platforms):
            assert subtitles.intersection(box) is None, told
            assert third.intersection(box) is None, told
        # Room for eight syllables, or every cue becomes a heap of words.
        size_px = scaled(style.size_px, stage.raster)
        assert stage.subtitles.max_text_width_px >= 7 * size_px, told


def test_subtitles_leave_a_platforms_own_captions_alone_also_where_a_template_sets_them_low() -> None:
    instagram = load_platform("instagram-reels")
    assert instagram.auto_caption_band is not None
    low = Zones(subtitles=SubtitleZone(size_px=64, raised_px=0), logo_width_px=200)
    area, clear = instagram.safe_area, common_keep_clear([instagram])
    free = stage_of(instagram.raster, area, low).subtitles.box
    kept = stage_of(instagram.raster, area, low, keep_clear=clear).subtitles.box
    assert free.bottom == area.bottom
    assert kept.bottom == instagram.auto_caption_band.top
    assert kept.height == free.height


def test_subtitles_go_beside_a_rail_of_buttons_and_to_the_middle_of_what_is_left() -> None:
    tiktok = load_platform("tiktok")
    stage, safe = staged(load_subtitle_style("outline"), "plain", (tiktok,))
    assert (stage.subtitles.box.left, stage.subtitles.box.right) == (safe.left, 780)


def test_a_second_language_and_a_name_have_rows_that_nothing_else_uses() -> None:
    reels, shorts = load_platform("instagram-reels"), load_platform("youtube-shorts")
    plain, _ = staged(load_subtitle_style("outline"), "plain", (reels, shorts))
    two, _ = staged(load_subtitle_style("bilingual"), "plain", (reels, shorts))
    area = two.subtitles
    foot_of_first = 1920 - area.bottom_margin_px
    assert foot_of_first < area.second_top_px < area.box.bottom
    assert area.box.height > plain.subtitles.box.height
    assert plain.subtitles.second_top_px == 0
    named, _ = staged(load_subtitle_style("interview"), "plain", (reels, shorts))
    unnamed, _ = staged(replace(load_subtitle_style("interview"), speakers=None), "plain", (reels, shorts))
    assert named.subtitles.box.height - unnamed.subtitles.box.height == 60  # 46 px at 1.3
    assert named.subtitles.bottom_margin_px == unnamed.subtitles.bottom_margin_px


def test_what_must_be_kept_clear_may_leave_no_room() -> None:
    safe, zones = Box(55, 190, 910, 1700), Zones(subtitles=SubtitleZone(size_px=64))
    with pytest.raises(CampaignProblems, match="room for"):
        stage_of(Raster(1080, 1920), safe, zones, keep_clear=[Box(0, 300, 1080, 1700)])
