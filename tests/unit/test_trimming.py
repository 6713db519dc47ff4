"""A clip's point changed in its author's text: that point and nothing else, however the campaign is written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reels.campaign.trimming import ClipInFile, PointKey, Trimmed, with_point
from reels.campaign.yaml_with_lines import decoded, located
from reels.errors import UsageError

BLOCK = """\
# 2026년 봄 축제 — 손으로 적은 것
campaign: 비빔밥축제   # 이름
platforms: [instagram-reels]
reels:
  - id: hello
    title: '축제에 놀러 오세요'
    clips:
      - footage: footage/IMG_0412.MOV  # 개막식
        in: 00:04.2   # 사회자가 나오기 전
        people:
          - name: 김하늘
      - {footage: 둘째.mp4, out: 12}
  - id: bye
    clips:
      - cards: [{text: 곧 만나요}]
      - footage: footage/IMG_0413.MOV

# 끝
"""

OPENING = ClipInFile(reel="hello", number=0, footage="IMG_0412.MOV")
SECOND = ClipInFile(reel="hello", number=1, footage="둘째.mp4")
LAST = ClipInFile(reel="bye", number=0, footage="IMG_0413.MOV")
ALL = (OPENING, SECOND, LAST)


def points(text: str, clip: ClipInFile) -> dict[PointKey, Any]:
    data: Any = located(text, file="campaign.yaml").data
    reel = next(one for one in data["reels"] if one["id"] == clip.reel)
    film = [one for one in reel["clips"] if "cards" not in one][clip.number]
    return {"in": film.get("in"), "out": film.get("out")}


def put(text: str, clip: ClipInFile, key: PointKey, written: str | None) -> Trimmed:
    """As a page does that has seen what stands there."""
    was = points(text, clip)[key]
    return with_point(text, clip, key, written, was=None if was is None else str(was))


def lines_changed(before: str, after: str) -> list[str]:
    kept = before.splitlines()
    return [line for line in after.splitlines() if line not in kept]


def test_a_value_is_changed_where_it_stands_with_the_comment_behind_it() -> None:
    trimmed = put(BLOCK, OPENING, "in", "01:02.5")
    assert lines_changed(BLOCK, trimmed.text) == ['        in: "01:02.5"   # 사회자가 나오기 전']
    assert len(trimmed.text.splitlines()) == len(BLOCK.splitlines())
    assert trimmed.before == "00:04.2"


def test_a_key_that_was_not_there_gets_a_line_of_its_own() -> None:
    trimmed = put(BLOCK, OPENING, "out", "9.5")
    assert lines_changed(BLOCK, trimmed.text) == ["        out: 9.5"]
    assert "MOV  # 개막식\n        out: 9.5\n        in: 00:04.2" in trimmed.text
    assert trimmed.before is None


def test_in_braces_it_stands_in_the_braces() -> None:
    trimmed = put(BLOCK, SECOND, "in", "00:03.25")
    assert '- {footage: 둘째.mp4, in: "00:03.25", out: 12}' in trimmed.text


def test_cards_are_not_counted_among_the_clips() -> None:
    trimmed = put(BLOCK, LAST, "in", "2")
    assert points(trimmed.text, LAST) == {"in": 2, "out": None}
    assert "IMG_0413.MOV\n        in: 2\n\n# 끝" in trimmed.text


def test_an_emptied_point_leaves_its_key_and_its_comment_and_comes_back_in_its_place() -> None:
    emptied = put(BLOCK, OPENING, "in", "")
    assert lines_changed(BLOCK, emptied.text) == ["        in:    # 사회자가 나오기 전"]
    assert points(emptied.text, OPENING)["in"] is None
    back = put(emptied.text, OPENING, "in", emptied.before)
    assert lines_changed(BLOCK, back.text) == ['        in: "00:04.2"    # 사회자가 나오기 전']


def test_what_asks_for_more_than_plain_words_is_read_by_the_same_reader() -> None:
    text = BLOCK.replace("'축제에 놀러 오세요'", "[뭐 먹을까?, 🎉]").replace("title:", "hashtags:")
    assert "{footage: 둘째.mp4, in: 3, out: 12}" in put(text, SECOND, "in", "3").text


WINDOWS = BLOCK.replace("\n", "\r\n")
MANY_LINES = BLOCK.replace(
    "- {footage: 둘째.mp4, out: 12}",
    "- {\n          footage: 둘째.mp4,  # 🎬 예비\n          out: 12\n        }",
)


@given(
    text=st.sampled_from([BLOCK, WINDOWS, MANY_LINES, BLOCK.removesuffix("\n\n# 끝\n"), "\n\n---\n" + BLOCK]),
    clip=st.sampled_from(ALL),
    change=st.one_of(
        st.tuples(st.just("in"), st.sampled_from(["0", "1.5", "00:03.2", "120f", ""])),
        st.tuples(st.just("out"), st.sampled_from(["20", "01:04.2", "1:02:03.5", "120f", ""])),
    ),
)
def test_everything_else_stays_and_what_is_undone_is_as_it_was(
    text: str, clip: ClipInFile, change: tuple[PointKey, str]
) -> None:
    key, point = change
    before = points(text, clip)
    assume(point or before[key] is not None)  # of what is not there nothing is changed
    trimmed = put(text, clip, key, point)
    assert [points(trimmed.text, one) for one in ALL if one != clip] == [
        points(text, one) for one in ALL if one != clip
    ]
    now = points(trimmed.text, clip)
    other: PointKey = "out" if key == "in" else "in"
    assert ("" if now[key] is None else str(now[key])) == point
    assert now[other] == before[other]
    for comment in ("# 이름", "# 개막식", "# 사회자가 나오기 전"):
        assert comment in trimmed.text
    back = put(trimmed.text, clip, key, trimmed.before)
    if trimmed.before is None:
        assert back.text == text
    else:
        assert str(points(back.text, clip)[key]) == str(before[key])
        assert len(back.text.splitlines()) == len(text.splitlines())


@pytest.mark.parametrize(
    "raw",
    [BLOCK.encode("utf-8-sig"), BLOCK.replace("—", "-").encode("cp949"), BLOCK.encode()],
    ids=["BOM", "CP949", "UTF-8"],
)
def test_it_is_written_again_in_the_encoding_that_it_had(raw: bytes) -> None:
    text, encoding = decoded(raw)
    assert text.encode(encoding) == raw


A = ClipInFile(reel="a", number=0, footage="a.mp4")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("campaign: x\nreels: !csv reels.csv\n", "reels.csv"),
        ("campaign: x\nreels: [{id: a, edit: cut.otio}]\n", "edit"),
        (
            "campaign: x\nreels: [{id: a, clips: &c [{footage: a.mp4}]}, {id: b, clips: *c}]\n",
            "changed alone",
        ),
        (
            "campaign: x\nreels: [{id: a, clips: [{footage: a.mp4, in: &p 3}], caption: *p}]\n",
            "changed alone",
        ),
        ("campaign: x\nreels: [{id: a, clips: [{footage: b.mp4}]}]\n", "changed meanwhile"),
        ("campaign: x\nreels: [{id: a, clips: [{cards: []}]}]\n", "changed meanwhile"),
        ("campaign: x\nreels: [{id: b, clips: [{footage: a.mp4}]}]\n", "changed alone"),
        ("[1, 2]\n", "changed alone"),
    ],
    ids=["spreadsheet", "edit", "alias", "anchor", "other footage", "cards", "no such reel", "no campaign"],
)
def test_what_does_not_stand_in_the_clip_is_refused_with_the_place(text: str, told: str) -> None:
    was = "3" if "&p 3" in text else None
    with pytest.raises(UsageError, match=told):
        with_point(text, A, "in", "4", was=was)


def test_what_somebody_else_has_written_meanwhile_is_not_written_over() -> None:
    with pytest.raises(UsageError, match=r"changed meanwhile \(00:04\.2\)"):
        with_point(BLOCK, OPENING, "in", "2", was="3")


@pytest.mark.parametrize(("key", "point"), [("in", "12"), ("in", "00:12.5"), ("out", "0")])
def test_an_end_before_the_beginning_is_refused_before_it_is_written(key: PointKey, point: str) -> None:
    text = BLOCK.replace("out: 12}", "in: 0, out: 12}")
    with pytest.raises(UsageError, match="an end behind its beginning"):
        put(text, SECOND, key, point)


def test_a_value_that_was_emptied_comes_back_before_what_stands_behind_it() -> None:
    text = MANY_LINES.replace("out: 12\n", "out: 12  # 끝\n")
    emptied = put(text, SECOND, "out", "")
    assert "out:   # 끝" in emptied.text
    assert "out: 12  # 끝" in put(emptied.text, SECOND, "out", "12").text.replace("   # 끝", "  # 끝")


def test_a_last_line_without_its_end_gets_one_like_the_others() -> None:
    text = WINDOWS.removesuffix("\r\n\r\n# 끝\r\n")
    assert put(text, LAST, "in", "2").text.endswith("IMG_0413.MOV\r\n        in: 2")


def test_what_was_not_there_cannot_be_emptied_and_stays_so() -> None:
    assert with_point(BLOCK, LAST, "in", "", was=None) == Trimmed(text=BLOCK, before=None)


@pytest.mark.parametrize("clips", ["5", "true", "3.5", "hello", "{}", "[1, x, null]"])
def test_clips_that_are_none_are_told(clips: str) -> None:
    with pytest.raises(UsageError, match="changed meanwhile"):
        with_point(f"reels: [{{id: a, clips: {clips}}}]\n", A, "in", "4", was=None)


@pytest.mark.parametrize("written", ["곧", "٣", "-1", "1:99", "4,2"])
def test_what_is_no_time_is_told_as_everywhere(written: str) -> None:
    with pytest.raises(UsageError, match=r"01:04\.2"):
        put(BLOCK, OPENING, "in", written)
