"""Campaign files as people write them: YAML's traps, every problem at once with its line, the nearest value wins."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.campaign import yaml_with_lines
from reels.campaign.load import find_campaign_file, load_campaign
from reels.campaign.model import Campaign, Person, SubtitleOptions
from reels.campaign.single import single_reel
from reels.campaign.template import load_template
from reels.campaign.yaml_with_lines import load_yaml
from reels.cli.make import make
from reels.errors import CampaignProblem, CampaignProblems, UsageError
from reels.glossary import Glossary
from reels.platforms import load_platform

SMALL = """\
campaign: 봄축제
reels:
  - id: hello
    clips:
      - footage: IMG_0412.MOV
"""


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "campaign.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return file


def loaded(folder: Path, text: str | bytes) -> Campaign:
    return load_campaign(written(folder, text))


def problems(folder: Path, text: str | bytes) -> tuple[CampaignProblem, ...]:
    with pytest.raises(CampaignProblems) as refused:
        loaded(folder, text)
    return refused.value.problems


def clip(extra: str) -> str:
    return SMALL + "".join(f"        {line}\n" for line in extra.splitlines())


def reel(extra: str) -> str:
    return SMALL + "".join(f"    {line}\n" for line in extra.splitlines())


# --- YAML's traps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ("00:31", "00:31"),
        ("1:30", "1:30"),
        ("4.2", "4.2"),
        ("31", "31"),
        ("120f", "120f"),
        ("01:02:03.5", "01:02:03.5"),
    ],
)
def test_a_time_stays_what_was_written_and_is_no_number_to_base_60(
    tmp_path: Path, point: str, expected: str
) -> None:
    assert loaded(tmp_path, clip(f"in: {point}\nout: 2:00:00")).reels[0].clips[0].in_point == expected


@pytest.mark.parametrize("word", ["no", "on", "yes", "off", "y", "n", "No", "ON"])
def test_a_word_that_old_yaml_takes_for_a_switch_stays_a_word(tmp_path: Path, word: str) -> None:
    made = loaded(tmp_path, SMALL.replace("hello", word) + f"    title: {word}\n")
    assert (made.reels[0].id, made.reels[0].title) == (word, word)


@pytest.mark.parametrize(
    "title",
    ["1.10", "2026.10", "007", "010", "1e3", "0x1F", "1_000", "+82", ".5", "12:30", "2026-05-01", "0o17"],
)
def test_a_title_of_digits_is_shown_as_it_was_written(tmp_path: Path, title: str) -> None:
    """`title: 2026.10` is October, not 2026.1."""
    assert loaded(tmp_path, reel(f"title: {title}")).reels[0].title == title


def test_reels_numbered_with_zeros_keep_them(tmp_path: Path) -> None:
    assert loaded(tmp_path, SMALL.replace("hello", "001")).reels[0].id == "001"


def test_a_number_that_is_asked_for_is_a_plain_number(tmp_path: Path) -> None:
    made = loaded(tmp_path, reel("subtitles: {beam: 007}"))
    assert repr(made.reels[0].subtitles.beam) == "7"
    assert type(made.reels[0].subtitles.beam) is int


def test_nothing_written_after_a_key_is_nothing(tmp_path: Path) -> None:
    made = loaded(tmp_path, reel("title:\ncaption: ~"))
    assert (made.reels[0].title, made.reels[0].caption) == (None, "")


def test_a_key_written_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, reel("title: 하나\ntitle: 둘"))
    assert found.where == "campaign.yaml:7 reels[0].title"
    assert "second time" in found.found


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{c}: &{c} [{', '.join([f'*{p}'] * 9)}]\n" for p, c in zip("abcdefghi", "bcdefghij", strict=True)
        ),
        "a: &a [*a]\n",
        "[" * 1500,
        "a: " * 1500,
        "[" * 400_000,
        "- " * 400_000,
        "? " * 400_000,
        "a: &a " + "[" * 3000 + "*a" + "]" * 3000,
    ],
    ids=[
        *("aliases of aliases", "an alias of itself", "deeply nested", "nested on a line"),
        *("nested without end", "lists without end", "keys without end", "an alias at the bottom"),
    ],
)
def test_a_file_that_blows_up_is_refused_in_one_sentence(tmp_path: Path, bomb: str) -> None:
    (found,) = problems(tmp_path, bomb)
    assert found.where.startswith("campaign.yaml")


_signs = st.sampled_from(
    [*"abc07 가나-?:,[]{}#&*!|>'\"%@`~\\", "\n", "\n  ", "\n    ", ": ", "- ", "\t", "\u3000", "🎉"]
)


@given(st.lists(_signs, max_size=60).map("".join))
def test_the_fast_parser_reads_what_the_other_reads(written: str) -> None:
    """What only libyaml takes would be a campaign on one computer and none on the next."""
    text = f"campaign: 봄축제\nreels:\n  - id: {written}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "campaign.yaml"
        path.write_text(text, encoding="utf-8", newline="")

        def read() -> object:
            try:
                located = load_yaml(path)
            except CampaignProblems as error:
                return [problem.where for problem in error.problems]
            return located.data, located.lines

        fast = read()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml_with_lines, "_FASTER", None)
            assert fast == read()


@pytest.mark.parametrize(
    "text", ["!!python/object/apply:os.getcwd []", "campaign: !!python/name:os.system x"]
)
def test_a_file_cannot_make_python_objects(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


@pytest.mark.parametrize(
    "encoded",
    [
        "\ufeff".encode() + SMALL.encode(),
        SMALL.encode("cp949"),
        SMALL.replace("\n", "\r\n").encode(),
        unicodedata.normalize("NFD", SMALL).encode(),
    ],
    ids=["byte order mark", "CP949", "Windows line ends", "decomposed"],
)
def test_a_file_from_any_korean_computer_is_read(tmp_path: Path, encoded: bytes) -> None:
    assert loaded(tmp_path, encoded).name == "봄축제"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "an empty file"),
        (b"# only a comment\n", "an empty file"),
        (b"\x00\x01\x02", ""),
        (SMALL.encode("utf-16"), "no text"),
        (b"a" * 4_000_001, "more than 4 MB"),
        (b"a: b: c\n", ""),
        (b"\tcampaign: x\n", ""),
        (b"campaign: [1, 2\n", ""),
    ],
)
def test_what_is_no_campaign_is_told_in_one_sentence(tmp_path: Path, raw: bytes, said: str) -> None:
    (found,) = problems(tmp_path, raw)
    assert found.where.startswith("campaign.yaml")
    assert said in found.found
    assert "\n" not in found.sentence()


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "42\n"])
def test_a_file_without_keys_is_told_what_it_should_hold(tmp_path: Path, text: str) -> None:
    (found,) = problems(tmp_path, text)
    assert "CampaignFile" not in found.sentence(), "the user knows nothing of our classes"


@given(st.binary(max_size=200))
def test_random_bytes_are_a_problem_and_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    file = tmp_path_factory.mktemp("noise") / "campaign.yaml"
    file.write_bytes(raw)
    with pytest.raises(CampaignProblems):
        load_campaign(file)


def test_every_key_knows_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\nb:\n  - c: 2\n    d:\n      e: 3\n", encoding="utf-8")
    read = load_yaml(file)
    assert read.data == {"a": 1, "b": [{"c": 2, "d": {"e": 3}}]}
    assert [read.line(path) for path in [("a",), ("b",), ("b", 0, "c"), ("b", 0, "d", "e")]] == [1, 2, 3, 5]
    assert read.where(("b", 0, "d", "missing")) == "a.yaml:4 b[0].d.missing"


# --- problems --------------------------------------------------------------------------------------------


def test_all_problems_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """\
campaign: 봄축제
platfroms: [instagram-reels]
framing: centered
reels:
  - id: has space
    title: 축제
    clips:
      - footage: IMG_0412.MOV
        in: 12 seconds
        peple: [{name: 김하늘}]
  - id: second
    clips: []
  - clips:
      - fotage: x.mp4
    hashtags: ['두 단어']
""",
    )
    assert [p.where for p in found] == [
        "campaign.yaml:2 platfroms",
        "campaign.yaml:3 framing",
        "campaign.yaml:5 reels[0].id",
        "campaign.yaml:9 reels[0].clips[0].in",
        "campaign.yaml:10 reels[0].clips[0].peple",
        "campaign.yaml:12 reels[1].clips",
        "campaign.yaml:13 reels[2].id",
        "campaign.yaml:14 reels[2].clips[0].footage",
        "campaign.yaml:14 reels[2].clips[0].fotage",
        "campaign.yaml:15 reels[2].hashtags[0]",
    ]
    said = {p.where.split()[1]: p for p in found}
    assert said["platfroms"].remedy == "perhaps you meant platforms"
    assert said["framing"].remedy == "perhaps you meant centre"
    assert said["reels[0].clips[0].peple"].remedy == "perhaps you meant people"
    assert said["reels[2].clips[0].fotage"].remedy == "perhaps you meant footage"
    assert said["reels[0].clips[0].in"].found == "12 seconds"
    assert "01:04.2" in said["reels[0].clips[0].in"].expected
    assert all(p.sentence("en") and p.sentence("ko") for p in found)


def test_what_only_resolving_shows_is_told_at_once_too(tmp_path: Path) -> None:
    (tmp_path / "brand.yml").touch()
    found = problems(
        tmp_path,
        """\
campaign: 봄축제
brand: brand.yaml
reels:
  - id: Hello
    platforms: [instagram-reel, youtube-shorts]
    clips: [{footage: a.mov, subtitles: hand.srt}]
  - id: hello
    template: intervew
    clips: [{footage: b.mov}]
""",
    )
    assert {p.where.split()[0]: str(p.remedy) for p in found} == {
        "campaign.yaml:2": "perhaps you meant brand.yml",
        "campaign.yaml:5": "did you mean instagram-reels?",
        "campaign.yaml:6": "check the name",
        "campaign.yaml:7": "",
        "campaign.yaml:8": "perhaps you meant interview",
    }


def test_an_out_point_before_the_in_point_is_told_without_looking_at_the_footage(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, clip("in: 00:31\nout: 00:04.2"))
    assert found.where == "campaign.yaml:7 reels[0].clips[0].out"


@pytest.mark.parametrize("identity", ["a/b", "..", "../x", "a b", "-x", "CON:", "", "가" * 61, "a\nb", "~"])
def test_an_id_that_cannot_name_a_folder_everywhere_is_refused(tmp_path: Path, identity: str) -> None:
    (found,) = problems(tmp_path, SMALL.replace("hello", f'"{identity}"'.replace("\n", "\\n")))
    assert found.where == "campaign.yaml:3 reels[0].id"


def test_a_campaign_that_is_not_there_is_told_with_the_way_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CampaignProblems, match="reels init"):
        find_campaign_file(tmp_path)
    with pytest.raises(CampaignProblems, match="no such file"):
        load_campaign(tmp_path / "other.yaml")
    assert find_campaign_file(written(tmp_path, SMALL).parent) == tmp_path / "campaign.yaml"


# --- the cascade -----------------------------------------------------------------------------------------

CASCADE = """\
campaign: 봄축제
template: announcement
platforms: [x]
framing: fit
caption: 모두에게
hashtags: [한빛시]
subtitles: {model: small, beam: 3, glossary: [한옥마을]}
reels:
  - id: outer
    clips: [{footage: a.mov}, {footage: b.mov, framing: centre}]
  - id: inner
    template: interview
    platforms: [instagram-reels, youtube-shorts, instagram-reels]
    framing: centre
    caption: 하나에게
    hashtags: []
    subtitles: {beam: 1}
    clips: [{footage: a.mov}]
"""


def test_a_glossary_that_contradicts_itself_is_told_with_its_words(tmp_path: Path) -> None:
    twice = "[{한빗시: 한빛시}, {한빗시: 한빛구}]"
    with pytest.raises(CampaignProblems) as refused:
        loaded(tmp_path, CASCADE.replace("[한옥마을]", twice))
    said = "found two corrections of 한빗시, 한빛시 and 한빛구, expected one correction of 한빗시"
    assert said in refused.value.sentence("en")
    assert "고칠 말 둘(한빛시, 한빛구) — 필요한 값: " in refused.value.sentence("ko")


def test_the_nearest_value_wins(tmp_path: Path) -> None:
    outer, inner = loaded(tmp_path, CASCADE).reels
    assert (outer.template.name, inner.template.name) == ("announcement", "interview")
    assert [p.name for p in outer.platforms] == ["x"]
    assert [p.name for p in inner.platforms] == ["instagram-reels", "youtube-shorts"]
    assert [c.framing for c in outer.clips] == ["fit", "centre"]
    assert [c.framing for c in inner.clips] == ["centre"]
    assert (outer.caption, inner.caption) == ("모두에게", "하나에게")
    assert (outer.hashtags, inner.hashtags) == (("한빛시",), ())
    assert outer.subtitles == SubtitleOptions(model="small", beam=3, glossary=Glossary(terms=("한옥마을",)))
    assert inner.subtitles == SubtitleOptions(model="small", beam=1, glossary=Glossary(terms=("한옥마을",)))


def test_null_takes_what_the_campaign_says_back(tmp_path: Path) -> None:
    both = CASCADE.replace("subtitles: {beam: 1}", "subtitles: {second: null, style: null, beam: 1}")
    both = both.replace("campaign:", "# second and style for all, and for one reel not\ncampaign:", 1)
    head, sep, rest = both.partition("subtitles: {")
    outer, inner = loaded(tmp_path, f"{head}{sep}second: en, style: bilingual, {rest}").reels
    assert (outer.captions.second, outer.captions.style) == ("en", "bilingual")
    assert (inner.captions.second, inner.captions.style) == ("", "")
    assert dict(inner.origins)["subtitles.second"] == "reel"
    assert inner.template.subtitles.name != "bilingual"


def test_each_value_knows_where_it_came_from(tmp_path: Path) -> None:
    outer, inner = (dict(reel.origins) for reel in loaded(tmp_path, CASCADE).reels)
    for key in ("template", "platforms", "framing", "caption", "hashtags"):
        assert (outer[key], inner[key]) == ("campaign", "reel")
    assert (outer["title"], inner["title"]) == ("default", "default")


def test_the_options_of_listening_know_where_they_came_from_too(tmp_path: Path) -> None:
    outer, inner = (dict(reel.origins) for reel in loaded(tmp_path, CASCADE).reels)
    assert (outer["subtitles.beam"], inner["subtitles.beam"]) == ("campaign", "reel")
    assert (inner["subtitles.model"], inner["subtitles.vad"]) == ("campaign", "default")


def test_an_option_of_the_command_line_wins_over_all(tmp_path: Path) -> None:
    made = load_campaign(written(tmp_path, CASCADE), platforms=[load_platform("tiktok")])
    for reel_made in made.reels:
        assert [p.name for p in reel_made.platforms] == ["tiktok"]
        assert [o for o in reel_made.origins if o[0] == "platforms"] == [("platforms", "option")]


def test_only_the_reels_asked_for_are_made_in_the_files_order(tmp_path: Path) -> None:
    file = written(tmp_path, CASCADE)
    assert [r.id for r in load_campaign(file, only=["inner"]).reels] == ["inner"]
    assert [r.id for r in load_campaign(file, only=["inner", "outer"]).reels] == ["outer", "inner"]
    with pytest.raises(CampaignProblems, match="perhaps you meant inner"):
        load_campaign(file, only=["iner"])


def test_a_reel_is_found_by_its_id_in_either_unicode_form(tmp_path: Path) -> None:
    file = written(tmp_path, SMALL.replace("hello", "축제"))
    assert [r.id for r in load_campaign(file, only=[unicodedata.normalize("NFD", "축제")]).reels] == ["축제"]


def test_texts_are_one_line_and_composed(tmp_path: Path) -> None:
    made = loaded(
        tmp_path, reel('title: "  이번   주말\\n한옥마을  "\nhashtags: ["#한빛시", 한빛시, "봄축제"]')
    )
    assert made.reels[0].title == "이번 주말 한옥마을"
    assert made.reels[0].hashtags == ("한빛시", "봄축제")


# --- paths -----------------------------------------------------------------------------------------------


def test_paths_are_beside_the_campaign_wherever_the_command_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, SMALL)
    monkeypatch.chdir(tmp_path)
    made = load_campaign(Path("campaign.yaml"))
    assert made.reels[0].clips[0].footage == tmp_path / "IMG_0412.MOV"
    assert made.workspace.root == tmp_path
    assert {made.workspace.drafts_dir, made.workspace.out_dir, made.workspace.store_dir} == {
        tmp_path / "subtitles",
        tmp_path / "out",
        tmp_path / ".reels",
    }


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_footage_is_found_though_a_mac_spelled_folder_and_file_apart(
    tmp_path: Path, form: Literal["NFC", "NFD"]
) -> None:
    folder = tmp_path / unicodedata.normalize("NFD", "영상")
    folder.mkdir()
    film = folder / unicodedata.normalize("NFD", "한옥마을.MOV")
    film.write_bytes(b"x")
    text = SMALL.replace("IMG_0412.MOV", unicodedata.normalize(form, "영상/한옥마을.MOV"))
    footage = loaded(tmp_path, text).reels[0].clips[0].footage
    assert footage.exists()
    assert footage.read_bytes() == b"x"


def test_a_home_that_this_machine_does_not_know_is_just_a_name(tmp_path: Path) -> None:
    made = loaded(tmp_path, SMALL.replace("IMG_0412.MOV", "~nobody-of-that-name/a.mov"))
    assert made.reels[0].clips[0].footage == tmp_path / "~nobody-of-that-name" / "a.mov"


def test_a_brand_folder_means_the_file_in_it_and_a_missing_logo_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "brand.yaml").write_text(
        'name: 한빛시\nlogo: logo.png\ncolours: {primary: "#1456B8", secondary: "#FFB81C", ground: "#0B2545"}\n',
        encoding="utf-8",
    )
    (found,) = problems(tmp_path, "brand: city\n" + SMALL)
    assert found.where == "brand.yaml:2 logo"
    (tmp_path / "city" / "logo.png").touch()
    made = loaded(tmp_path, "brand: city\n" + SMALL)
    assert made.reels[0].brand.logo == tmp_path / "city" / "logo.png"


# --- without a file --------------------------------------------------------------------------------------


def test_one_reel_from_the_command_line_is_a_campaign_like_any_other(tmp_path: Path) -> None:
    made = single_reel(
        [tmp_path / "a.mov", tmp_path / "b.mov"],
        reel_id="a",
        output=tmp_path / "out",
        platforms=[load_platform("youtube-shorts")],
        template=load_template("plain"),
        subtitles=SubtitleOptions(),
        title="봄 축제",
        people=[Person(name="김하늘")],
        in_point="4.2",
        out_point="31",
    )
    (only,) = made.reels
    assert [(c.in_point, c.out_point, len(c.people)) for c in only.clips] == [
        ("4.2", None, 1),
        (None, "31", 0),
    ]
    assert only.title == "봄 축제"
    assert made.workspace.out_dir == made.workspace.root == tmp_path / "out"


@pytest.mark.parametrize(
    ("option", "given"),
    [
        ("--in", {"in_point": "5"}),
        ("--out", {"out_point": "5"}),
        ("--subtitles", {"subtitles": Path("s.srt")}),
        ("--name", {"name": ["김하늘"]}),
        ("--role", {"role": ["주무관"]}),
    ],
)
def test_an_option_that_speaks_of_a_film_is_refused_where_there_are_texts_alone(
    tmp_path: Path, option: str, given: dict[str, Any]
) -> None:
    (tmp_path / "a.txt").write_text("안녕하세요", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        make([tmp_path / "a.txt"], output=tmp_path / "out", **given)
    assert (refused.value.where, refused.value.found) == (option, "a reel of cards alone")
    assert refused.value.sentence("ko").endswith("빼 주세요.")
    assert not (tmp_path / "out").exists()


def test_an_empty_range_is_one_whatever_texts_stand_beside_the_film(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("안녕하세요", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        make([tmp_path / "a.txt", tmp_path / "b.mp4"], output=tmp_path / "out", in_point="5", out_point="3")
    assert (refused.value.where, refused.value.found) == ("--out", "3")


@pytest.mark.parametrize("name", ["v" * 300, "~nobody-of-that-name/v.mp3", "no.mp3"])
def test_a_voice_that_is_not_there_is_told_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text("안녕하세요", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        make([tmp_path / "a.txt"], output=tmp_path / "out", voice=tmp_path / name)
    assert refused.value.where == "--voice"
    assert refused.value.found.endswith("which is not there")


@pytest.mark.parametrize("name", ["c" * 300, "~nobody-of-that-name/c"])
def test_a_campaign_whose_name_no_file_can_have_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(CampaignProblems, match="no such file"):
        load_campaign(tmp_path / name)


@pytest.mark.parametrize("name", ["b" * 300, "~nobody-of-that-name/b", '"b\\0"'])
def test_a_brand_whose_name_no_file_can_have_is_told_at_its_line(tmp_path: Path, name: str) -> None:
    (found,) = problems(tmp_path, f"brand: {name}\n" + SMALL)
    assert found.where == "campaign.yaml:1 brand"
    assert found.found.endswith("which is not there")


@pytest.mark.parametrize(
    "extra", ["subtitles: {beam: true}", "sound: {track: true}", "music: {level: false}"]
)
def test_a_switch_is_no_number(tmp_path: Path, extra: str) -> None:
    (found,) = problems(tmp_path, reel(extra))
    assert found.expected == "a whole number"
