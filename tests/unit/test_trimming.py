"""A clip's point changed in its author's text: that point and nothing else, however the campaign is written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.campaign.trimming import PointKey, with_point
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


def points(text: str, reel: int, clip: int) -> tuple[Any, Any]:
    data: Any = located(text, file="campaign.yaml").data
    films = [one for one in data["reels"][reel]["clips"] if "cards" not in one]
    return films[clip].get("in"), films[clip].get("out")


def lines_changed(before: str, after: str) -> list[str]:
    kept = before.splitlines()
    return [line for line in after.splitlines() if line not in kept]


def test_a_value_is_changed_where_it_stands_with_the_comment_behind_it() -> None:
    trimmed = with_point(BLOCK, reel=0, clip=0, key="in", point="01:02.5")
    assert lines_changed(BLOCK, trimmed.text) == ['        in: "01:02.5"   # 사회자가 나오기 전']
    assert len(trimmed.text.splitlines()) == len(BLOCK.splitlines())
    assert trimmed.before == "00:04.2"


def test_a_key_that_was_not_there_gets_a_line_of_its_own() -> None:
    trimmed = with_point(BLOCK, reel=0, clip=0, key="out", point="9.5")
    assert lines_changed(BLOCK, trimmed.text) == ["        out: 9.5"]
    assert "MOV  # 개막식\n        out: 9.5\n        in: 00:04.2" in trimmed.text
    assert trimmed.before is None


def test_in_braces_it_stands_in_the_braces() -> None:
    trimmed = with_point(BLOCK, reel=0, clip=1, key="in", point="00:03.25")
    assert '- {footage: 둘째.mp4, in: "00:03.25", out: 12}' in trimmed.text
    gone = with_point(trimmed.text, reel=0, clip=1, key="out", point=None)
    assert '- {footage: 둘째.mp4, in: "00:03.25"}' in gone.text
    assert gone.before == "12"


def test_cards_are_not_counted_among_the_clips() -> None:
    trimmed = with_point(BLOCK, reel=1, clip=0, key="in", point="2")
    assert points(trimmed.text, 1, 0) == (2, None)
    assert "IMG_0413.MOV\n        in: 2\n\n# 끝" in trimmed.text


def test_a_key_without_a_value_gets_one() -> None:
    text = BLOCK.replace("in: 00:04.2 ", "in: ")
    trimmed = with_point(text, reel=0, clip=0, key="in", point="4")
    assert points(trimmed.text, 0, 0)[0] == 4
    assert "# 사회자가 나오기 전" in trimmed.text


def test_the_first_key_of_a_clip_goes_and_the_clip_stays() -> None:
    text = BLOCK.replace("- footage: footage/IMG_0413.MOV", "- in: 3\n        footage: footage/IMG_0413.MOV")
    trimmed = with_point(text, reel=1, clip=0, key="in", point=None)
    assert trimmed.text == BLOCK


WINDOWS = BLOCK.replace("\n", "\r\n")


@given(
    text=st.sampled_from([BLOCK, WINDOWS, BLOCK.rstrip("\n# 끝"), "\n\n" + BLOCK]),
    place=st.sampled_from([(0, 0), (0, 1), (1, 0)]),
    key=st.sampled_from(["in", "out"]),
    point=st.sampled_from(["0", "4.2", "01:04.2", "1:02:03.5", "120f"]),
)
def test_everything_else_stays_and_what_is_undone_is_as_it_was(
    text: str, place: tuple[int, int], key: PointKey, point: str
) -> None:
    reel, clip = place
    trimmed = with_point(text, reel=reel, clip=clip, key=key, point=point)
    others = [one for one in [(0, 0), (0, 1), (1, 0)] if one != place]
    assert [points(trimmed.text, *one) for one in others] == [points(text, *one) for one in others]
    now = points(trimmed.text, *place)
    assert str(now[0 if key == "in" else 1]) == point
    assert now[1 if key == "in" else 0] == points(text, *place)[1 if key == "in" else 0]
    for comment in ("# 이름", "# 개막식", "# 사회자가 나오기 전"):
        assert comment in trimmed.text
    back = with_point(trimmed.text, reel=reel, clip=clip, key=key, point=trimmed.before)
    if trimmed.before is None:
        assert back.text == text
    else:
        assert located(back.text, file="x").data == located(text, file="x").data


@pytest.mark.parametrize(
    "raw", [BLOCK.encode("utf-8-sig"), BLOCK.replace("—", "-").encode("cp949"), BLOCK.encode()]
)
def test_it_is_written_again_in_the_encoding_that_it_had(raw: bytes) -> None:
    text, encoding = decoded(raw)
    assert text.encode(encoding) == raw


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("campaign: x\nreels: !csv reels.csv\n", "reels.csv"),
        ("campaign: x\nreels: [{id: a, edit: cut.otio}]\n", "edit"),
        (
            "campaign: x\nreels: [{id: a, clips: &c [{footage: a.mp4}]}, {id: b, clips: *c}]\n",
            "changed alone",
        ),
    ],
    ids=["spreadsheet", "a cut of another program", "an alias"],
)
def test_what_does_not_stand_in_the_clip_is_refused_with_the_place(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        with_point(text, reel=0, clip=0, key="in", point="4")
