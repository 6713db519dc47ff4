"""Reels from a spreadsheet: whatever Excel saves is read, and every problem names its row and its cell."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.campaign.columns import COLUMNS, OF_CLIPS, column_of
from reels.campaign.load import load_campaign
from reels.campaign.model import Campaign, Person, ReelSpec
from reels.campaign.schema import ReelKeys
from reels.campaign.table import Row, column_letters, read_rows
from reels.errors import CampaignProblem, CampaignProblems
from reels.plan.post import text_problems
from reels.said import Said

CAMPAIGN = "campaign: 한빛시 소식\nhashtags: [한빛시]\n"
TABLE = "id,title,footage,in,out\nfestival,봄축제,footage/a.mp4,00:04.2,00:31\n"


def loaded(folder: Path, table: str | bytes, campaign: str = CAMPAIGN) -> Campaign:
    (folder / "campaign.yaml").write_text(campaign, encoding="utf-8")
    (folder / "reels.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
    return load_campaign(folder)


def only(folder: Path, table: str, campaign: str = CAMPAIGN) -> ReelSpec:
    (reel,) = loaded(folder, table, campaign).reels
    return reel


def problems(folder: Path, table: str | bytes, campaign: str = CAMPAIGN) -> tuple[CampaignProblem, ...]:
    with pytest.raises(CampaignProblems) as refused:
        loaded(folder, table, campaign)
    return refused.value.problems


def places(folder: Path, table: str, campaign: str = CAMPAIGN) -> list[str]:
    return [problem.where for problem in problems(folder, table, campaign)]


def cells(**columns: str) -> str:
    """A table of one reel with these cells beside its id and its film."""
    row = {"id": "festival", "footage": "a.mp4", **{key.replace("__", "."): v for key, v in columns.items()}}
    file = io.StringIO()
    csv.writer(file).writerows([row.keys(), row.values()])
    return file.getvalue()


def without_places(reel: ReelSpec) -> ReelSpec:
    clips = tuple(replace(clip, where="") for clip in reel.clips)
    music = replace(reel.music, where="") if reel.music is not None else None
    cover = replace(reel.cover, where="")
    return replace(reel, clips=clips, music=music, cover=cover, where="", cells=())


# --- a row is a reel -------------------------------------------------------------------------------------


def test_a_row_says_what_the_same_keys_in_yaml_say(tmp_path: Path) -> None:
    for name in ("bed.m4a", "폭우.srt"):
        (tmp_path / name).write_bytes(b"")
    made = only(
        tmp_path,
        "id,title,footage,in,out,name,role,subtitles,caption,hashtags,platforms,template,framing,stabilise,"
        "frame_rate,ai,credit,music,music.level,cover,cover.title,subtitles.style,subtitles.keywords,"
        "cut.silence.least,cut.text,sound.track\n"
        '007,2026.10,"a.mp4\nb.mp4","00:04.2\n","0:00:31\n8.5","김하늘\n이도윤",주무관,"\n폭우.srt",'
        '"토요일에\n만나요!","#축제 한옥마을,봄","x, tiktok",interview,fit,TRUE,full,true,FALSE,bed.m4a,-12,'
        '4.2,표지 글,outline,"비 소식, 대피",0.7,true,2\n',
    )
    (tmp_path / "reels.csv").unlink()
    (tmp_path / "campaign.yaml").write_text(
        CAMPAIGN
        + """\
reels:
  - id: 007
    title: 2026.10
    clips:
      - {footage: a.mp4, in: 00:04.2, out: 0:00:31, people: [{name: 김하늘, role: 주무관}]}
      - {footage: b.mp4, out: 8.5, people: [{name: 이도윤}], subtitles: 폭우.srt}
    caption: "토요일에\\n만나요!"
    hashtags: ["#축제", 한옥마을, 봄]
    platforms: [x, tiktok]
    template: interview
    framing: fit
    stabilise: true
    frame_rate: full
    ai: true
    credit: false
    music: {file: bed.m4a, level: -12}
    cover: {at: 4.2, title: 표지 글}
    subtitles: {style: outline, keywords: [비 소식, 대피]}
    cut: {silence: {least: 0.7}, text: true}
    sound: {track: 2}
""",
        encoding="utf-8",
    )
    (written,) = load_campaign(tmp_path).reels
    assert without_places(made) == without_places(written)


def test_an_empty_cell_leaves_the_word_to_the_campaign(tmp_path: Path) -> None:
    campaign = CAMPAIGN + "template: vlog\nmusic: {file: bed.m4a, level: -12}\n"
    (tmp_path / "bed.m4a").write_bytes(b"")
    first, second = loaded(
        tmp_path,
        "id,footage,hashtags,template,music.level\na,a.mp4,,,\nb,a.mp4,축제,plain,-6\n",
        campaign,
    ).reels
    assert (first.hashtags, first.template.name) == (("한빛시",), "vlog")
    assert (second.hashtags, second.template.name) == (("축제",), "plain")
    assert first.music is not None
    assert first.music.level_lu == -12
    assert second.music is not None
    assert second.music.level_lu == -6


@pytest.mark.parametrize(
    "text", ["2026.10", "007", "true", "null", "~", "1e3", "00:31", "-", "'큰따옴표 \"둘\"'"]
)
def test_a_title_is_shown_as_it_was_typed(tmp_path: Path, text: str) -> None:
    assert only(tmp_path, cells(title=text)).title == text


@pytest.mark.parametrize("text", ["00:31", "0:00:31", "1:02:03.5", "4.2", "31", "120f", "23:59:59"])
def test_a_time_is_read_as_it_was_typed(tmp_path: Path, text: str) -> None:
    assert only(tmp_path, cells(out=text)).clips[0].out_point == text


def test_a_cell_can_take_back_what_the_campaign_says(tmp_path: Path) -> None:
    (tmp_path / "look.cube").write_text("LUT_3D_SIZE 2\n" + "0 0 0\n" * 8, encoding="utf-8")
    (tmp_path / "bed.m4a").write_bytes(b"")
    campaign = CAMPAIGN + "lut: look.cube\nmusic: bed.m4a\n"
    assert only(tmp_path, cells(), campaign).clips[0].lut is not None
    made = only(tmp_path, cells(lut="null", music="FALSE"), campaign)
    assert (made.clips[0].lut, made.music) == (None, None)


@pytest.mark.parametrize(
    "cell", ["#축제 #봄", "축제 봄", "축제,봄", "#축제,#봄", "#축제#봄", " 축제 , 봄 ", "축제\n봄"]
)
def test_hashtags_may_be_separated_as_people_do_it(tmp_path: Path, cell: str) -> None:
    assert only(tmp_path, cells(hashtags=cell)).hashtags == ("축제", "봄")


def test_names_of_speakers_keep_their_blanks(tmp_path: Path) -> None:
    made = only(tmp_path, cells(subtitles__speakers="김하늘 주무관, 이도윤\n박 과장"))
    assert made.captions.speakers == ("김하늘 주무관", "이도윤", "박 과장")


@pytest.mark.parametrize(
    ("first", "then"),
    [("music", "music.level"), ("music.level", "music")],
    ids=["music first", "level first"],
)
def test_a_key_and_a_key_inside_it_go_together_in_any_order(tmp_path: Path, first: str, then: str) -> None:
    (tmp_path / "bed.m4a").write_bytes(b"")
    said = {"music": "bed.m4a", "music.level": "-6"}
    made = only(tmp_path, f"id,footage,{first},{then}\nb,a.mp4,{said[first]},{said[then]}\n")
    assert made.music is not None
    assert (made.music.path.name, made.music.level_lu) == ("bed.m4a", -6)


def test_a_cut_made_elsewhere_needs_no_film_in_its_row(tmp_path: Path) -> None:
    (tmp_path / "footage").mkdir()
    (tmp_path / "cut.otio").write_text("{}", encoding="utf-8")
    (found,) = problems(tmp_path, "id,edit\nfestival,cut.otio\n")
    assert found.where.startswith("reels.csv:2 edit (B2)"), "read as a cut, and refused as one"
    (found,) = problems(tmp_path, "id,edit\nfestival,#REF!\n")
    assert found.found == "#REF!"
    assert places(tmp_path, "id,edit\nfestival,\n") == ["reels.csv:2 edit (B2)"]


# --- clips -----------------------------------------------------------------------------------------------


def test_lines_in_a_cell_belong_to_the_films_of_the_row(tmp_path: Path) -> None:
    made = only(
        tmp_path, cells(footage="a.mp4\nb.mp4\nc.mp4", **{"in": "\n3", "out": "5\n\n9"}, name="김\n\n박")
    )
    found = [(c.footage.name, c.in_point, c.out_point, [p.name for p in c.people]) for c in made.clips]
    assert found == [("a.mp4", None, "5", ["김"]), ("b.mp4", "3", None, []), ("c.mp4", None, "9", ["박"])]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_lines_in_a_cell_may_end_in_any_way(tmp_path: Path, line_end: str) -> None:
    made = only(tmp_path, f'id,footage{line_end}a,"a.mp4{line_end}b.mp4"{line_end}')
    assert [clip.footage.name for clip in made.clips] == ["a.mp4", "b.mp4"]


def test_several_names_beside_one_film_are_several_people(tmp_path: Path) -> None:
    made = only(tmp_path, cells(name="김하늘\n이도윤", role="주무관"))
    assert made.clips[0].people == (Person(name="김하늘", role="주무관"), Person(name="이도윤"))


@pytest.mark.parametrize("key", ["in", "out", "name", "role", "subtitles"])
def test_more_lines_than_films_are_refused(tmp_path: Path, key: str) -> None:
    columns = {"footage": "a.mp4\nb.mp4", key: "1\n2\n3"}
    assert f"reels.csv:2 {key} (C2)" in places(tmp_path, cells(**columns))


def test_a_role_needs_a_name(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, cells(name="김하늘", role="주무관\n시민"))
    assert (found.where, found.found) == ("reels.csv:2 role (D2)", "시민, a role without a name")


def test_an_empty_line_among_the_films_is_refused(tmp_path: Path) -> None:
    assert places(tmp_path, cells(footage="a.mp4\n\nb.mp4")) == ["reels.csv:2 footage (B2)"]


# --- headings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        "아이디,제목,영상,시작,끝",
        " ID , Title,FOOTAGE,In,OUT ",
        unicodedata.normalize("NFD", "아이디,제목,영상,시작,끝"),
        "﻿id,title,footage,in,out",
    ],
    ids=["Korean", "case and blanks", "decomposed", "byte order mark"],
)
def test_headings_are_known_however_they_are_written(tmp_path: Path, headings: str) -> None:
    made = only(tmp_path, headings + "\n" + TABLE.split("\n", 1)[1])
    assert (made.id, made.title, made.clips[0].out_point) == ("festival", "봄축제", "00:31")


def test_every_key_of_a_reel_is_a_column_or_cannot_be_a_cell() -> None:
    keys = {field.alias or name for name, field in ReelKeys.model_fields.items()}
    no_cells = {"clips", "cards", "elements", "voice"}
    only_with_dots = {"subtitles", "sound", "cut"}
    assert {key for key in COLUMNS if "." not in key} == (keys - no_cells - only_with_dots) | set(OF_CLIPS)
    assert {key.partition(".")[0] for key in COLUMNS if "." in key} >= only_with_dots
    for column in COLUMNS.values():
        for heading in (column.key, column.key.upper(), *column.korean):
            assert column_of(heading) is column


@pytest.mark.parametrize("page", ["campaign.md", "campaign.ko.md"])
def test_the_table_of_the_documents_is_read(tmp_path: Path, page: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    (table,) = re.findall(r"^```csv\n(.*?)^```$", text, re.M | re.S)
    first, second, third = loaded(tmp_path, table).reels
    assert (first.id, first.caption.count("\n"), first.hashtags) == ("dalbit", 1, ("작은도서관", "달빛동"))
    assert [[person.name for person in clip.people] for clip in second.clips] == [[], ["이도윤"]]
    assert [clip.out_point for clip in second.clips] == ["00:12", "00:24"]
    assert second.captions.style == "outline"
    assert [person.role for person in third.clips[0].people] == ["상인회장", "한빛시 일자리경제과 주무관"]


def test_the_documents_list_every_column() -> None:
    docs = Path(__file__).parents[2] / "docs"
    for name in ("campaign.md", "campaign.ko.md"):
        text = (docs / name).read_text(encoding="utf-8")
        for column in COLUMNS.values():
            if "." not in column.key:
                for heading in (column.key, *column.korean):
                    assert re.search(rf"\| .*`{heading}`", text), f"{name} does not name {heading}"


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("titel", "title"),
        ("제목들", "제목"),
        ("subtitles.stile", "subtitles.style"),
        ("frame_rates", "frame_rate"),
    ],
)
def test_an_unknown_heading_is_told_with_its_column_and_the_nearest(
    tmp_path: Path, heading: str, meant: str
) -> None:
    (found,) = problems(tmp_path, f"id,footage,{heading}\na,a.mp4,x\n")
    assert found.where == "reels.csv:1 (C1)"
    assert found.found == f"unknown column {heading}"
    assert found.remedy == f"perhaps you meant {meant}"
    assert ("subtitles.speakers" in found.expected) == ("." in heading)
    assert ("footage" in found.expected) == ("." not in heading)


@pytest.mark.parametrize(("first", "second"), [("title", "title"), ("caption", "문구"), ("문구", "캡션")])
def test_two_headings_for_the_same_are_refused(tmp_path: Path, first: str, second: str) -> None:
    (found,) = problems(tmp_path, f"id,footage,{first},{second}\na,a.mp4,x,y\n")
    assert found.where == "reels.csv:1 (D1)"
    assert f"column C says too ({first})" in found.found


@pytest.mark.parametrize(("column", "row"), [("id", "footage\na.mp4\nb.mp4\n"), ("footage", "id\na\nb\n")])
def test_a_column_that_is_needed_is_missed_once(tmp_path: Path, column: str, row: str) -> None:
    (found,) = problems(tmp_path, row)
    assert (found.where, found.found) == ("reels.csv:1", f"no column {column}")


def test_columns_are_called_as_spreadsheets_call_them() -> None:
    assert [column_letters(n) for n in (0, 2, 25, 26, 51, 52, 701, 702)] == [
        *("A", "C", "Z", "AA", "AZ", "BA", "ZZ", "AAA"),
    ]


# --- whatever Excel saves --------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_any_encoding_delimiter_and_line_end_is_read(
    tmp_path: Path, encoding: str, delimiter: str, line_end: str
) -> None:
    table = 'id,title,footage,caption\na,봄축제,a.mp4,"둘,셋;넷\t!\n다섯"\n'.replace("\n", line_end)
    head, _, rest = table.partition(line_end)
    row, quoted = rest.split('"', 1)
    table = head.replace(",", delimiter) + line_end + row.replace(",", delimiter) + '"' + quoted
    made = only_of_bytes(tmp_path, table.encode(encoding))
    assert (made.title, made.caption) == ("봄축제", "둘,셋;넷\t!\n다섯")


def only_of_bytes(folder: Path, table: bytes) -> ReelSpec:
    (reel,) = loaded(folder, table).reels
    return reel


@pytest.mark.parametrize("line", ["sep=;\r\n", '"sep=;"\n', "SEP=;\r", "sep=;;;;\n"])
def test_excels_line_about_the_separator_is_no_row(tmp_path: Path, line: str) -> None:
    table = line + 'id;"title";footage\n#REF!;봄,축제;a.mp4\n'
    assert places(tmp_path, table) == ["reels.csv:2 id (A2)"]


def test_a_separator_that_nobody_would_guess_is_taken_from_its_line(tmp_path: Path) -> None:
    assert only(tmp_path, "sep=|\nid|title|footage\na|봄,축제;|a.mp4\n").title == "봄,축제;"


def test_rows_are_counted_as_the_spreadsheet_counts_them(tmp_path: Path) -> None:
    table = '\n,,,\nid,title,footage,caption\na,하나,a.mp4,"한\n두\n세 줄"\n\n,,,\n , ,,\nb,둘,,\nc,셋,c.mp4,#REF!\n'
    assert places(tmp_path, table) == ["reels.csv:8 footage (C8)", "reels.csv:9 caption (D9)"]


def test_empty_rows_empty_columns_and_short_rows_are_nothing(tmp_path: Path) -> None:
    table = "id,footage,title,,,\na,a.mp4\n,,,,,\nb,b.mp4,둘,,,,,,\n\n"
    assert [(r.id, r.title) for r in loaded(tmp_path, table).reels] == [("a", None), ("b", "둘")]


def test_a_cell_below_no_heading_is_told_once_a_column(tmp_path: Path) -> None:
    assert places(tmp_path, "id,footage,,\na,a.mp4,,\nb,b.mp4,,x\nc,c.mp4,,y,z\n") == [
        "reels.csv:3 (D3)",
        "reels.csv:4 (E4)",
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"PK\x03\x04" + b"\0" * 40, "an Excel workbook that is only named .csv"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 40, "an Excel workbook that is only named .csv"),
        (b"id,footage\na\0,b\n", "bytes that are no text"),
        ("id,footage\na,b\n".encode("utf-16-le"), "bytes that are no text"),
        ("id,title,footage\na,한빛시 봄축제,b\n".encode() + b"\xff\xfe", "bytes that are no text"),
        ("id,title,footage\na,봄축제,b\n".encode() + "한빛시".encode()[:-1], "bytes that are no text"),
        (b"id,title,footage\na," + "봄축제 주말".encode()[1:] + b",b\n", "bytes that are no text"),
        (b"", "an empty spreadsheet"),
        (b"\n,,\n \n", "an empty spreadsheet"),
        (b"id,footage\n\n", "no row below the headings"),
        (b"id,footage\n" + b"x" * 4_000_000, "more than 4 MB"),
    ],
    ids=["xlsx", "xls", "NUL", "UTF-16 without a mark", "not quite UTF-8", "cut off",
         "CP949 only by chance", "empty", "blank",
         "headings alone", "large"],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, found: str
) -> None:
    (problem,) = problems(tmp_path, content)
    assert (problem.where, problem.found) == ("reels.csv", found)
    if "workbook" in found or "no text" in found:
        assert "CSV UTF-8" in problem.remedy


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ('b,"never closed\nc,c.mp4\n', "a quotation mark that is never closed"),
        ('b,"closed" too early\n', "text behind a closing quotation mark"),
        (f'b,"{"x" * 140_000}"\n', "a cell of more than 131,072 characters"),
    ],
    ids=["never closed", "closed early", "endless"],
)
def test_broken_quotation_marks_are_told_with_their_row(tmp_path: Path, row: str, found: str) -> None:
    (problem,) = problems(tmp_path, 'id,footage\na,"a\nb.mp4"\n' + row)
    assert (problem.where, problem.found) == ("reels.csv:3", found)


def test_there_may_be_two_thousand_reels_and_no_more(tmp_path: Path) -> None:
    rows = [f"r{n},a.mp4" for n in range(2001)]
    assert len(loaded(tmp_path, "\n".join(["id,footage", *rows[:2000]])).reels) == 2000
    (found,) = problems(tmp_path, "\n".join(["id,footage", *rows]))
    assert (found.where, found.found) == ("reels.csv:2002", "2,001 reels")


HEADINGS = ("아이디", "영상", "제목", "문구")


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, str, list[list[str]]]:
    """An encoding, a delimiter, and rows of texts that the encoding can say."""
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp949"]))
    sign = st.one_of(
        st.sampled_from(",;\t\"\n\r '=한글x#"), st.characters(codec=encoding, exclude_characters="\0\ufeff")
    )
    rows = st.lists(st.lists(st.text(sign, max_size=8), min_size=1, max_size=len(HEADINGS)), max_size=5)
    return encoding, draw(st.sampled_from(",;\t")), draw(rows)


@given(table=tables(), line_end=st.sampled_from(["\r\n", "\n", "\r"]))
def test_any_table_reads_back_to_the_same_cells(
    tmp_path_factory: pytest.TempPathFactory, table: tuple[str, str, list[list[str]]], line_end: str
) -> None:
    encoding, delimiter, rows = table
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end)
    writer.writerows([HEADINGS, *rows])
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(file.getvalue().encode(encoding))
    read = read_rows(path, shown="any.csv", is_heading=lambda text: column_of(text) is not None)
    expected = [
        (number, [settled(cell) for cell in row])
        for number, row in enumerate([HEADINGS, *rows], start=1)
        if any(cell.strip() for cell in row)
    ]
    assert [(row.number, [cell.strip() for cell in row.cells]) for row in read] == expected


def settled(cell: str) -> str:
    return unicodedata.normalize("NFC", re.sub("\r\n?", "\n", cell)).strip()


# --- where a problem is ----------------------------------------------------------------------------------


def test_all_problems_of_file_and_spreadsheet_are_told_at_once(tmp_path: Path) -> None:
    table = "아이디,제목,영상,템플릿,플랫폼,해시타그\na,하나,a.mp4,intervie,x,축제\nA,#REF!,,,vine,\n"
    found = problems(tmp_path, table, CAMPAIGN + "brand: none.yaml\n")
    assert [problem.where for problem in found] == [
        "reels.csv:1 (F1)",
        "reels.csv:3 제목 (B3)",
        "reels.csv:3 영상 (C3)",
        "campaign.yaml:3 brand",
        "reels.csv:2 템플릿 (D2)",
        "reels.csv:3 플랫폼 (E3)",
        "reels.csv:3 아이디 (A3)",
    ]


def test_what_the_schema_refuses_is_told_beside_what_the_spreadsheet_has_wrong(tmp_path: Path) -> None:
    table = "id,footage,in,frame_rate,music.level,titel\nmy reel,a.mp4,soon,fast,loud,x\n"
    assert places(tmp_path, table, CAMPAIGN + "colour: red\n") == [
        "reels.csv:1 (F1)",
        "reels.csv:2 frame_rate (D2)",
        "reels.csv:2 music.level (E2)",
        "reels.csv:2 id (A2)",
        "reels.csv:2 in (C2)",
        "campaign.yaml:3 colour",
    ]


def test_later_rooms_name_the_cell_as_well(tmp_path: Path) -> None:
    table = cells(title="봄", hashtags=" ".join(f"tag{n}" for n in range(40)), caption="가" * 3000, name="김")
    reel = only(tmp_path, table)
    found = [p.where for platform in reel.platforms for p in text_problems(reel, platform)]
    assert "reels.csv:2 hashtags (D2) for instagram-reels" in found
    assert "reels.csv:2 caption (E2) for instagram-reels" in found
    assert reel.where_of("title") == "reels.csv:2 title (C2)"
    assert reel.where_of("cut") == "reels.csv:2 cut", "no cell says it"
    assert reel.clips[0].where == "reels.csv:2 footage (B2)"
    assert reel.clips[0].people[0].where == "reels.csv:2 (F2)"


def test_places_in_a_campaign_without_a_spreadsheet_are_what_they_were(tmp_path: Path) -> None:
    (tmp_path / "campaign.yaml").write_text(
        CAMPAIGN + "reels:\n  - {id: a, clips: [{footage: a.mp4, people: [{name: 김}]}]}\n", encoding="utf-8"
    )
    (reel,) = load_campaign(tmp_path).reels
    assert reel.where_of("title") == "campaign.yaml:4 reels[0].title"
    assert reel.clips[0].people[0].where == ""


@pytest.mark.parametrize(
    "text",
    ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#####", "문구\n#N/A"],
)
def test_what_a_broken_formula_leaves_is_refused(tmp_path: Path, text: str) -> None:
    (found,) = problems(tmp_path, cells(caption=text))
    assert (found.where, found.found) == ("reels.csv:2 caption (C2)", text.split("\n")[-1])


@pytest.mark.parametrize("text", ["#N/A 없음", "# 하나", "=합계", "+82", "@한빛시"])
def test_what_only_looks_like_a_formula_is_text(tmp_path: Path, text: str) -> None:
    assert only(tmp_path, cells(caption=text)).caption == text


@pytest.mark.parametrize("key", ["in", "out", "cover", "cover.at", "music.start", "cut.silence.least"])
@pytest.mark.parametrize(
    "text", ["12:31:00 AM", "오전 12:31:00", "12:31 p.m.", "45:30:00", "0.000358796", ".000358796296"]
)
def test_a_time_that_the_spreadsheet_has_made_something_else_of_is_refused(
    tmp_path: Path, key: str, text: str
) -> None:
    (found,) = problems(tmp_path, f"id,footage,{key}\na,a.mp4,{text}\n")
    assert (found.where, found.found) == (f"reels.csv:2 {key} (C2)", text)
    assert "format the column as text" in found.remedy


def test_a_time_of_day_in_a_title_is_a_title(tmp_path: Path) -> None:
    assert only(tmp_path, cells(title="오전 10:00")).title == "오전 10:00"


@pytest.mark.parametrize(
    ("columns", "where"),
    [
        ({"cut.silence": "false", "cut.silence.least": "0.7"}, "reels.csv:2 cut.silence.least (D2)"),
        ({"music": "bed.m4a", "music.file": "other.m4a"}, "reels.csv:2 music.file (D2)"),
    ],
    ids=["nothing, and how", "two files"],
)
def test_cells_that_contradict_each_other_are_refused(
    tmp_path: Path, columns: dict[str, str], where: str
) -> None:
    for name in ("bed.m4a", "other.m4a"):
        (tmp_path / name).write_bytes(b"")
    (found,) = problems(tmp_path, cells(**columns))
    assert found.where == where


@pytest.mark.parametrize(
    "table",
    [
        "id,footage,titel\na,a.mp4,x\n",
        "id,id\na,b\n",
        'id,footage,in,name,role\n,,,,\nb,,1,,\nc,"a\n\nb","1\n2\n3\n4",,주무관\n',
        "id,footage,in,caption,\na,a,1:00 AM,#REF!,x\n",
        "id,footage,music,music.file\na,a,b,c\n",
        'id,footage\n"a" b,c\n',
        'id,footage\n"a,c\n',
        "id,footage\n",
        "",
        "PK\x03\x04",
        "\0",
        "\n".join(["id,footage", *(f"r{n},a" for n in range(2001))]),
    ],
)
def test_every_sentence_about_a_spreadsheet_is_there_in_korean(tmp_path: Path, table: str) -> None:
    for problem in problems(tmp_path, table):
        words = (problem.found, problem.expected, problem.remedy)
        told = [fact.ko for fact in words if isinstance(fact, Said)]
        assert len(told) >= 2
        assert all(re.search("[가-힣]", fact) for fact in told)
        assert "{" not in problem.sentence("ko")


# --- `reels: !csv` ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["!csv", "!csv reels.csv", '!csv "reels.csv"', "!csv ./reels.csv"])
def test_the_spreadsheet_may_be_named(tmp_path: Path, written: str) -> None:
    assert only(tmp_path, TABLE, CAMPAIGN + f"reels: {written}\n").id == "festival"


def test_a_spreadsheet_in_a_folder_whose_name_a_mac_decomposed_is_found(tmp_path: Path) -> None:
    folder = tmp_path / unicodedata.normalize("NFD", "표")
    folder.mkdir()
    (folder / unicodedata.normalize("NFD", "봄.csv")).write_text(TABLE + "b,,,,\n", encoding="utf-8")
    (tmp_path / "campaign.yaml").write_text(CAMPAIGN + "reels: !csv 표/봄.csv\n", encoding="utf-8")
    with pytest.raises(CampaignProblems) as refused:
        load_campaign(tmp_path)
    assert [p.where for p in refused.value.problems] == ["표/봄.csv:3 footage (C3)"]


def test_a_named_spreadsheet_that_is_not_there_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, TABLE, CAMPAIGN + "reels: !csv reel.csv\n")
    assert found.where == "campaign.yaml:3 reels"
    assert (found.found, found.remedy) == ("reel.csv, which is not there", "perhaps you meant reels.csv")


def test_reels_in_the_campaign_win_over_a_spreadsheet_beside_it(tmp_path: Path) -> None:
    made = only(
        tmp_path, "not,a\ntable,at\nall\n", CAMPAIGN + "reels: [{id: b, clips: [{footage: a.mp4}]}]\n"
    )
    assert made.id == "b"


def test_a_campaign_without_reels_hears_of_the_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    with pytest.raises(CampaignProblems) as refused:
        load_campaign(tmp_path)
    (found,) = refused.value.problems
    assert "reels.csv" in found.remedy
    assert "reels.csv" in found.sentence("ko")


@pytest.mark.parametrize(
    ("line", "where", "found"),
    [
        ("title: !csv reels.csv", "campaign.yaml:3 title", "`!csv` here"),
        ("title: !important 소식", "campaign.yaml:3 title", "the tag !important"),
        ("hashtags: [한빛시, !new 축제]", "campaign.yaml:3 hashtags[1]", "the tag !new"),
        ("title: !!python/name:os.system x", "campaign.yaml:3 title", "the tag !!python/name:os.system"),
        ("reels: !csv [a.csv]", "campaign.yaml:3 reels", "`!csv` before something else than a name"),
        ("!key title: x", "campaign.yaml:3 title", "the tag !key"),
    ],
)
def test_a_tag_elsewhere_is_one_problem_with_its_line(
    tmp_path: Path, line: str, where: str, found: str
) -> None:
    campaign = f"campaign: 한빛시\ntemplate: plain\n{line}\n"
    (problem,) = problems(tmp_path, TABLE, campaign)
    assert (problem.where, problem.found) == (where, found)


def test_a_reel_can_be_asked_for_by_its_id(tmp_path: Path) -> None:
    loaded(tmp_path, TABLE + "storm,폭우,b.mp4,,\n")
    campaign = load_campaign(tmp_path, only=["storm"])
    assert ([r.id for r in campaign.reels], campaign.order) == (["storm"], ("festival", "storm"))


def test_rows_can_be_read_without_knowing_any_heading(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    rows = read_rows(path, shown="plain.csv", is_heading=lambda text: False)
    assert rows == (Row(number=1, cells=("a", "b")), Row(number=2, cells=("1", "2")))
