"""Templates that extend each other, and a team's own: which one counts, what it takes over, whose mistake it is."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

import pytest

from reels.campaign.load import load_campaign
from reels.campaign.subtitle_style import load_subtitle_style
from reels.campaign.template import (
    TEMPLATES_VARIABLE,
    Template,
    list_templates,
    load_template,
    template_folders,
)
from reels.errors import CampaignProblem, CampaignProblems, UsageError
from reels.resources import templates_dir
from reels.said import in_language

HEAD = "name: {name}\nversion: 1\ndescription: {{ko: 우리 것, en: ours}}\n"


@pytest.fixture(autouse=True)
def nobodys_own_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment nor the home of who runs the tests has templates."""
    monkeypatch.delenv(TEMPLATES_VARIABLE, raising=False)
    monkeypatch.setattr(
        "reels.campaign.template.finding.platformdirs.user_config_dir", lambda _: str(tmp_path / "home")
    )


def write(folder: Path, name: str, rest: str = "") -> Path:
    """A template of that name in `folder`; its head is three lines."""
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "template.yaml").write_text(HEAD.format(name=name) + rest, encoding="utf-8")
    return folder / name


def problems(name: str, root: Path) -> list[CampaignProblem]:
    with pytest.raises(CampaignProblems) as caught:
        load_template(name, root=root)
    return list(caught.value.problems)


def differing(one: Template, other: Template) -> set[str]:
    """The fields in which two templates differ, but for what they are called."""
    named = {"name", "description_ko", "description_en", "where", "extends"}
    return {f.name for f in fields(Template) if getattr(one, f.name) != getattr(other, f.name)} - named


# --- what is taken over ----------------------------------------------------------------------------------


def test_what_a_template_does_not_say_is_as_in_the_one_it_extends(tmp_path: Path) -> None:
    write(tmp_path, "grand", "title: {size_px: 90, zone: middle}\nlogo: {corner: top-right}\n")
    write(tmp_path, "parent", "extends: grand\ntitle: {size_px: 100}\nplace: {for: 2}\n")
    write(tmp_path, "child", "extends: parent\ntitle: {weight: bold}\n")
    grand, parent, child = (load_template(name, root=tmp_path) for name in ("grand", "parent", "child"))
    assert child.extends == ("parent", "grand")
    assert child.title == replace(parent.title, weight="bold")
    assert parent.title == replace(grand.title, size_px=100)
    assert (child.title.zone, child.logo.corner) == ("middle", "top-right")
    assert child.place.shown_for == 2
    assert differing(child, parent) == {"title"}
    assert differing(parent, grand) == {"title", "place"}


def test_a_template_that_only_extends_is_its_parent_under_another_name(tmp_path: Path) -> None:
    for built_in in list_templates():
        name = f"our-{built_in.name}"
        write(tmp_path, name, f"extends: {built_in.name}\n")
        assert differing(load_template(name, root=tmp_path), built_in) == set()


def test_cards_of_the_parent_stay_and_single_keys_of_them_change(tmp_path: Path) -> None:
    write(tmp_path, "parent", "cards: {quiz: {ground: ground, least: 4}, answer: {icon: check}}\n")
    write(tmp_path, "child", "extends: parent\ncards: {quiz: {centred: true}, prize: {label_ko: 상품}}\n")
    child = load_template("child", root=tmp_path)
    assert [card.name for card in child.cards] == ["text", "quiz", "answer", "prize"]
    quiz = child.card("quiz")
    assert quiz is not None
    assert (quiz.ground, quiz.least, quiz.centred) == ("ground", Fraction(4), True)


def test_something_may_be_taken_back_with_null(tmp_path: Path) -> None:
    write(tmp_path, "parent", "place: {icon: pin, ground: primary}\ncards: {quiz: {second: ground}}\n")
    write(
        tmp_path,
        "child",
        "extends: parent\nplace: {icon: null, ground: null}\ncards: {quiz: {second: null}}\n",
    )
    child = load_template("child", root=tmp_path)
    assert (child.place.icon, child.place.ground) == (None, None)
    quiz = child.card("quiz")
    assert quiz is not None
    assert quiz.second is None


def test_another_subtitle_style_is_meant_as_it_is_but_keeps_the_place(tmp_path: Path) -> None:
    changed = "subtitles: {style: keyword, size_px: 80, lines: 1, raised_px: 220, centre: safe}\n"
    write(tmp_path, "parent", changed)
    write(tmp_path, "same", "extends: parent\nsubtitles: {outline_px: 3}\n")
    write(tmp_path, "other", "extends: parent\nsubtitles: {style: box}\n")
    write(tmp_path, "moved", "extends: parent\nsubtitles: {style: box, raised_px: 90, size_px: 50}\n")
    parent, same, other, moved = (
        load_template(name, root=tmp_path) for name in ("parent", "same", "other", "moved")
    )
    assert (parent.subtitles.size_px, parent.subtitles.lines) == (80, 1)
    assert same.subtitles == replace(parent.subtitles, outline_px=3)
    assert other.subtitles == load_subtitle_style("box")
    assert other.subtitle_place == parent.subtitle_place
    assert moved.subtitles == replace(load_subtitle_style("box"), size_px=50)
    assert (moved.subtitle_place.raised_px, moved.subtitle_place.centre) == (90, "safe")


def test_the_same_style_named_again_drops_what_the_parent_had_changed_of_it(tmp_path: Path) -> None:
    write(tmp_path, "parent", "subtitles: {style: box, size_px: 80}\n")
    write(tmp_path, "child", "extends: parent\nsubtitles: {style: box}\n")
    assert load_template("child", root=tmp_path).subtitles == load_subtitle_style("box")


def test_every_template_has_a_card_for_words_alone(tmp_path: Path) -> None:
    write(tmp_path, "bare")
    bare = load_template("bare", root=tmp_path)
    assert [card.name for card in bare.cards] == ["text"]
    assert bare.card("quiz") is None
    assert all(template.card("text") is not None for template in list_templates())


# --- which one counts ------------------------------------------------------------------------------------


def test_a_campaigns_own_template_stands_before_the_built_in_one_of_its_name(tmp_path: Path) -> None:
    write(tmp_path / "templates", "interview", "title: {size_px: 77}\n")
    assert load_template("interview", root=tmp_path).title.size_px == 77
    assert load_template("interview").title.size_px != 77
    mine = {template.name: template for template in list_templates(tmp_path)}
    assert mine["interview"].title.size_px == 77
    assert set(mine) == {template.name for template in list_templates()}


def test_one_that_shadows_a_built_in_may_extend_it_by_the_same_name(tmp_path: Path) -> None:
    write(tmp_path / "templates", "interview", "extends: interview\ntitle: {size_px: 77}\n")
    mine, built_in = load_template("interview", root=tmp_path), load_template("interview")
    assert mine.extends == ("interview", *built_in.extends)
    assert mine.title == replace(built_in.title, size_px=77)
    assert differing(mine, built_in) == {"title"}


def test_teams_folders_count_in_their_order_behind_the_campaigns_and_before_the_users_and_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, first, second, user = (tmp_path / name for name in ("campaign", "시청", "구청", "home"))
    places = {
        90: campaign / "templates",
        80: campaign,
        70: first,
        60: second,
        50: user / "templates",
    }
    monkeypatch.setenv(TEMPLATES_VARIABLE, f"{first}{os.pathsep}{os.pathsep}{second}")
    assert template_folders(campaign) == (*places.values(), templates_dir())
    assert template_folders() == (*[p for s, p in places.items() if s < 80], templates_dir())
    for size, folder in places.items():
        write(folder, "news", f"extends: news\ntitle: {{size_px: {size}}}\n" if size > 50 else "")
    for size, folder in places.items():
        if size > 50:
            assert load_template("news", root=campaign).title.size_px == size
            assert len(load_template("news", root=campaign).extends) == (size - 50) // 10
            (folder / "news" / "template.yaml").unlink()
    assert load_template("news", root=campaign).extends == ()


def test_a_missing_folder_of_a_team_is_no_mistake_and_finds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [template.name for template in list_templates()]
    monkeypatch.setenv(TEMPLATES_VARIABLE, str(tmp_path / "not mounted today"))
    assert [template.name for template in list_templates()] == before


@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
@pytest.mark.parametrize("asked", ["NFC", "NFD"])
def test_a_korean_name_is_found_composed_or_not(
    tmp_path: Path, on_disk: Literal["NFC", "NFD"], asked: Literal["NFC", "NFD"]
) -> None:
    folder = tmp_path / unicodedata.normalize(on_disk, "한빛시-소식")
    folder.mkdir()
    (folder / "template.yaml").write_text(
        HEAD.format(name=unicodedata.normalize(on_disk, "한빛시-소식")), encoding="utf-8"
    )
    write(tmp_path, "child", f"extends: {unicodedata.normalize(asked, '한빛시-소식')}\n")
    assert load_template(unicodedata.normalize(asked, "한빛시-소식"), root=tmp_path).name == "한빛시-소식"
    assert load_template("child", root=tmp_path).extends == ("한빛시-소식",)


def test_a_campaign_names_its_own_template_by_name_or_by_folder(tmp_path: Path) -> None:
    write(tmp_path / "looks", "wide", "title: {size_px: 66}\n")
    write(tmp_path / "templates", "tall", "title: {size_px: 67}\n")
    reels = "reels: [{id: one, clips: [{footage: a.mov}]}]\n"
    for written, size in (("looks/wide", 66), ("tall", 67), (str(tmp_path / "looks" / "wide"), 66)):
        (tmp_path / "campaign.yaml").write_text(f"campaign: 봄\ntemplate: {written}\n{reels}", "utf-8")
        assert load_campaign(tmp_path).reels[0].template.title.size_px == size


# --- mistakes --------------------------------------------------------------------------------------------


def test_a_circle_is_told_with_all_its_names_where_it_closes(tmp_path: Path) -> None:
    write(tmp_path, "a", "extends: b\n")
    write(tmp_path, "b", "extends: c\n")
    write(tmp_path, "c", "extends: a\n")
    (problem,) = problems("a", tmp_path)
    assert problem.where == "c/template.yaml:4 extends"
    assert "a → b → c → a" in problem.found
    assert "a → b → c → a" in problem.sentence("ko")
    assert problem.sentence("ko").endswith("`extends` 하나를 빼 주세요.")
    assert problems("b", tmp_path)[0].where == "a/template.yaml:4 extends"


def test_a_circle_of_two_that_is_entered_from_outside_ends_too(tmp_path: Path) -> None:
    write(tmp_path, "in", "extends: a\n")
    write(tmp_path, "a", "extends: b\n")
    write(tmp_path, "b", "extends: a\n")
    assert problems("in", tmp_path)[0].where == "b/template.yaml:4 extends"


def test_one_that_extends_its_own_name_where_there_is_no_other_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "mine", "extends: mine\n")
    (problem,) = problems("mine", tmp_path)
    assert problem.where == "mine/template.yaml:4 extends"
    assert problem.found == "mine"


def test_a_parent_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, "mine", "extends: intervew\n")
    (problem,) = problems("mine", tmp_path)
    assert problem.where == "mine/template.yaml:4 extends"
    assert problem.remedy == "perhaps you meant interview"
    assert "혹시 interview인가요?" in problem.sentence("ko")


def test_a_mistake_in_the_parent_is_told_with_the_parents_file_and_line(tmp_path: Path) -> None:
    write(tmp_path, "grand", "title: {at: soon}\nlogo:\n  opacity: 2\n")
    write(tmp_path, "parent", "extends: grand\n")
    write(tmp_path, "child", "extends: parent\ntitle: {at: 1}\n")
    assert [one.where for one in problems("child", tmp_path)] == [
        "grand/template.yaml:4 title.at",
        "grand/template.yaml:6 logo.opacity",
    ]


def test_a_style_that_is_not_there_is_told_at_its_line_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, "mine", "extends: base\nsubtitles:\n  style: bok\n")
    (problem,) = problems("mine", tmp_path)
    assert (problem.where, problem.remedy) == (
        "mine/template.yaml:6 subtitles.style",
        "perhaps you meant box",
    )


def test_a_kind_of_card_that_is_named_and_not_there_is_told_with_what_there_is(tmp_path: Path) -> None:
    write(
        tmp_path,
        "mine",
        "cards: {quiz: {}, ending: {}}\ntitle: {card: quizz}\nend_card: {show: true, card: festive}\n",
    )
    title, end = problems("mine", tmp_path)
    assert (title.where, title.found) == ("mine/template.yaml:5 title.card", "quizz")
    assert (title.expected, title.remedy) == ("one of text, quiz, ending", "perhaps you meant quiz")
    assert (end.where, end.remedy) == ("mine/template.yaml:6 end_card.card", "add it to `cards`")
    write(tmp_path, "child", "extends: base\ntitle: {card: title}\nend_card: {show: true, card: end}\n")
    assert load_template("child", root=tmp_path).title.card == "title"


@pytest.mark.parametrize(
    ("raised", "zone", "is_fine"), [(59, "foot", False), (60, "foot", True), (0, "top", True)]
)
def test_progress_at_the_foot_needs_room_below_the_subtitles(
    tmp_path: Path, raised: int, zone: str, is_fine: bool
) -> None:
    write(
        tmp_path,
        "mine",
        f"subtitles: {{raised_px: {raised}}}\nprogress: {{show: true, zone: {zone}, height_px: 40}}\n",
    )
    if is_fine:
        assert load_template("mine", root=tmp_path).progress.show
        return
    (problem,) = problems("mine", tmp_path)
    assert problem.where == "mine/template.yaml:5 progress.zone"
    assert "59 px" in problem.found
    assert "60 px or more" in problem.expected
    assert "zone: top" in problem.remedy
    assert problem.sentence("ko").endswith("`zone: top`으로 적어 주세요.")


def test_a_section_without_keys_or_with_a_word_is_refused_in_the_file_that_says_it(tmp_path: Path) -> None:
    write(tmp_path, "parent")
    write(tmp_path, "child", "extends: parent\ntitle:\nlogo: none\ncards: [text]\n")
    assert [one.where for one in problems("child", tmp_path)] == [
        "child/template.yaml:5 title",
        "child/template.yaml:6 logo",
        "child/template.yaml:7 cards",
    ]


def test_a_campaign_tells_of_its_template_with_the_templates_own_line(tmp_path: Path) -> None:
    write(tmp_path / "templates", "mine", "title: {siz_px: 90}\n")
    (tmp_path / "campaign.yaml").write_text(
        "campaign: 봄\ntemplate: mine\nreels: [{id: one, clips: [{footage: a.mov}]}]\n", encoding="utf-8"
    )
    with pytest.raises(CampaignProblems) as caught:
        load_campaign(tmp_path)
    (problem,) = caught.value.problems
    assert problem.where == "mine/template.yaml:4 title.siz_px"
    assert problem.remedy == "perhaps you meant size_px"


@pytest.mark.parametrize("name", ["", "../interview", "intervew", "interview/template.yaml", "subtitles"])
def test_what_is_no_template_is_refused_with_all_there_are(tmp_path: Path, name: str) -> None:
    write(tmp_path, "mine")
    with pytest.raises(UsageError) as caught:
        load_template(name, root=tmp_path)
    for known in ("mine", *(template.name for template in list_templates())):
        assert known in caught.value.expected
    assert "template.yaml이 든 폴더" in caught.value.sentence("ko")


@pytest.mark.parametrize(
    ("parent", "where"),
    [
        ("subtitles: {style: bok}\n", "parent/template.yaml:4 subtitles.style"),
        ("title: {card: nope}\n", "parent/template.yaml:4 title.card"),
        ("subtitles: {raised_px: 20}\nprogress: {show: true}\n", "parent/template.yaml:5 progress.zone"),
    ],
)
def test_what_only_the_whole_shows_to_be_wrong_is_told_where_it_is_written(
    tmp_path: Path, parent: str, where: str
) -> None:
    write(tmp_path, "parent", parent)
    write(tmp_path, "child", "extends: parent\n")
    assert problems("child", tmp_path)[0].where == where


def test_a_long_line_of_templates_is_no_circle(tmp_path: Path) -> None:
    for number in range(12):
        write(
            tmp_path, f"l{number}", f"extends: l{number + 1}\n" if number < 11 else "title: {size_px: 99}\n"
        )
    assert load_template("l0", root=tmp_path).title.size_px == 99


def test_a_template_is_listed_by_the_name_that_finds_it(tmp_path: Path) -> None:
    write(tmp_path, "news")
    text = "name: other\nversion: 1\ndescription: {ko: 가, en: a}\n"
    (tmp_path / "news" / "template.yaml").write_text(text, encoding="utf-8")
    for template in list_templates(tmp_path):
        load_template(template.name, root=tmp_path)


def test_a_name_that_cannot_be_one_is_told_in_korean_too(tmp_path: Path) -> None:
    write(tmp_path, "mine", "cards: {'a b': {}}\n")
    assert "String should match" not in problems("mine", tmp_path)[0].sentence("ko")


def test_mistakes_of_a_template_and_of_what_it_extends_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "parent", "title: {at: soon}\n")
    write(tmp_path, "child", "extends: parent\nlogo: {opacity: 2}\n")
    assert len(problems("child", tmp_path)) == 2


def test_two_reels_of_one_broken_template_are_told_each_mistake_once(tmp_path: Path) -> None:
    write(tmp_path, "mine", "title: {siz_px: 90}\nlogo: {opacity: 2}\n")
    reels = "".join(
        f"  - {{id: {name}, template: mine,\n     clips: [{{footage: a.mov}}]}}\n" for name in ("one", "two")
    )
    (tmp_path / "campaign.yaml").write_text(f"campaign: 봄\nreels:\n{reels}", encoding="utf-8")
    with pytest.raises(CampaignProblems) as caught:
        load_campaign(tmp_path)
    assert [problem.where for problem in caught.value.problems] == [
        "mine/template.yaml:4 title.siz_px",
        "mine/template.yaml:5 logo.opacity",
    ]


@pytest.mark.parametrize("name", ["a" * 300, "nul\0", "~nobody-of-that-name/x"])
def test_a_name_that_no_folder_can_have_is_no_template(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="or a folder with a template"):
        load_template(name, root=tmp_path)


@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
def test_folders_of_templates_are_found_composed_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_disk: Literal["NFC", "NFD"]
) -> None:
    write(tmp_path / unicodedata.normalize(on_disk, "한빛시"), "news", "title: {size_px: 61}\n")
    write(tmp_path / unicodedata.normalize(on_disk, "우리 것"), "mine", "title: {size_px: 62}\n")
    assert load_template("우리 것/mine", root=tmp_path).title.size_px == 62
    unknown = "~nobody-of-that-name/templates"
    monkeypatch.setenv(TEMPLATES_VARIABLE, f"{unknown}{os.pathsep}{tmp_path / '한빛시'}")
    assert load_template("news").title.size_px == 61


def test_an_unknown_key_of_a_kind_of_card_names_the_keys_that_it_may_have(tmp_path: Path) -> None:
    write(tmp_path, "mine", "cards:\n  quiz: {groun: primary}\n  text: {zzzzzz: 1}\n")
    near, far = problems("mine", tmp_path)
    assert (near.where, near.remedy) == ("mine/template.yaml:5 cards.quiz.groun", "perhaps you meant ground")
    assert far.expected.startswith("one of accent, apart, body_size_px")


def test_a_name_in_capitals_is_told_that_they_are_what_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, "Interview")
    (problem,) = problems("Interview", tmp_path)
    assert problem.expected.startswith("lower-case letters")
    assert "로마자 소문자" in problem.sentence("ko")


def test_a_number_in_quotes_is_told_from_one_without_and_not_offered_again(tmp_path: Path) -> None:
    folder = write(tmp_path, "mine")
    text = HEAD.format(name="mine").replace("version: 1", 'version: "1"')
    (folder / "template.yaml").write_text(text, encoding="utf-8")
    (problem,) = problems("mine", tmp_path)
    assert (problem.found, problem.expected, problem.remedy) == ('"1"', "1", "take the quotes away")
    assert "따옴표를 빼 주세요." in problem.sentence("ko")


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("cards: [text]\n", "cards", "keys and their values"),
        ("title: {size_px: 1e999}\n", "title.size_px", "a number"),
        ("title: {size_px: true}\n", "title.size_px", "a whole number"),
        ("callout: {lines: true}\n", "callout.lines", "a whole number"),
        ("logo: {opacity: true}\n", "logo.opacity", "a number"),
        ("subtitles: {lines: true}\n", "subtitles.lines", "a whole number"),
        ("subtitles: {box: {opacity: true}}\n", "subtitles.box.opacity", "a number"),
        ('title: {card: "\\uD800"}\n', "title.card", "text in Unicode"),
    ],
)
def test_what_is_no_number_no_mapping_or_no_text_is_told_in_both_languages(
    tmp_path: Path, text: str, where: str, expected: str
) -> None:
    write(tmp_path, "mine", text)
    (problem,) = problems("mine", tmp_path)
    assert (problem.where, problem.expected) == (f"mine/template.yaml:4 {where}", expected)
    assert in_language(problem.expected, "ko") != expected
