"""Cuts made on the page: the campaign's file says where clips begin and end, the draft says what is cut out."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from reels.subtitles import read_subtitles

from .conftest import CAMPAIGN, Opened, Served, eventually, make_campaign, serving


def frames(page: Page) -> int:
    return int(page.locator(".player input[type=range]").get_attribute("max") or 0) + 1


def says(served: Served, line: str) -> bool:
    return line in served.campaign.read_text(encoding="utf-8")


def test_a_clip_begins_and_ends_with_the_frame_that_stands_there(served: Served, opened: Opened) -> None:
    page = opened(served)
    assert frames(page) == 125
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".clock")).to_have_text("0:01.00")
    page.keyboard.press("Shift+KeyI")
    eventually(lambda: says(served, '{footage: IMG_0412.mp4, in: "00:01"}'))
    eventually(lambda: frames(page) == 100)
    # The picture that was looked at is the first one now.
    expect(page.locator(".clock")).to_have_text("0:00.00")
    expect(page.get_by_label("IMG_0412.mp4: 시작")).to_have_value("00:01")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+KeyO")
    # With the frame that is seen, a 25th of a second behind second 2.
    eventually(lambda: says(served, '{footage: IMG_0412.mp4, out: "00:02.04", in: "00:01"}'))
    eventually(lambda: frames(page) == 26)
    page.keyboard.press("Control+z")
    eventually(lambda: frames(page) == 100)
    page.keyboard.press("Control+z")
    eventually(lambda: served.campaign.read_text(encoding="utf-8") == CAMPAIGN)
    eventually(lambda: frames(page) == 125)
    page.keyboard.press("Control+Shift+z")
    eventually(lambda: says(served, '{footage: IMG_0412.mp4, in: "00:01"}'))


def test_points_are_typed_and_what_is_no_time_changes_nothing(served: Served, opened: Opened) -> None:
    served.may_complain = True  # a browser tells its console of what is refused
    page = opened(served)
    ends = page.get_by_label("IMG_0412.mp4: 끝")
    ends.fill("3")
    ends.press("Enter")
    eventually(lambda: says(served, "{footage: IMG_0412.mp4, out: 3}"))
    eventually(lambda: frames(page) == 75)
    ends.fill("곧")
    ends.press("Enter")
    expect(page.locator("#told")).to_contain_text("01:04.2")
    expect(ends).to_have_value("3")
    begins = page.get_by_label("IMG_0412.mp4: 시작")
    begins.fill("3")
    begins.press("Enter")
    expect(page.locator("#told")).to_contain_text("시작보다 늦은 끝")
    expect(begins).to_have_value("")
    ends.fill("")
    ends.press("Enter")
    eventually(lambda: says(served, "{footage: IMG_0412.mp4, out: }"))
    eventually(lambda: frames(page) == 125)


def test_a_cut_is_undone_by_whoever_undoes_at_once(served: Served, opened: Opened) -> None:
    page = opened(served)
    first = page.locator(".row textarea").first
    first.fill("하나")
    first.press("Escape")
    page.keyboard.press("Shift+ArrowRight")
    with page.expect_response(
        lambda answer: "/clips/" in answer.url and "point" in (answer.request.post_data or "")
    ):
        page.keyboard.press("Shift+KeyI")
        page.keyboard.press("Control+z")
    eventually(lambda: read_subtitles(served.draft)[0].text == "하나")
    assert served.campaign.read_text(encoding="utf-8") == CAMPAIGN
    expect(first).to_have_value("하나")
    page.keyboard.press("Control+Shift+z")
    eventually(lambda: says(served, 'in: "00:01"'))


def test_two_cuts_of_one_point_in_a_moment_are_both_done(served: Served, opened: Opened) -> None:
    page = opened(served)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+KeyI")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+KeyI")
    eventually(lambda: says(served, 'in: "00:01.04"'))
    eventually(lambda: frames(page) == 99)
    page.keyboard.press("Control+z")
    eventually(lambda: frames(page) == 100)
    page.keyboard.press("Control+z")
    eventually(lambda: served.campaign.read_text(encoding="utf-8") == CAMPAIGN)


def test_a_cut_that_is_refused_takes_no_redo_away(served: Served, opened: Opened) -> None:
    served.may_complain = True  # a browser tells its console of what is refused
    page = opened(served)
    first = page.locator(".row textarea").first
    first.fill("하나")
    first.press("Escape")
    page.keyboard.press("Control+z")
    ends = page.get_by_label("IMG_0412.mp4: 끝")
    ends.fill("곧")
    ends.press("Enter")
    expect(page.locator("#told")).to_contain_text("01:04.2")
    page.keyboard.press("Control+Shift+z")
    expect(first).to_have_value("하나")


def test_what_the_author_has_written_meanwhile_is_not_undone(served: Served, opened: Opened) -> None:
    served.may_complain = True  # a browser tells its console of what is refused
    page = opened(served)
    ends = page.get_by_label("IMG_0412.mp4: 끝")
    ends.fill("4")
    ends.press("Enter")
    eventually(lambda: frames(page) == 100)
    served.campaign.write_text(
        CAMPAIGN.replace("IMG_0412.mp4}]\n  - id: bye", "IMG_0412.mp4, out: 2}]\n  - id: bye"),
        encoding="utf-8",
    )
    eventually(lambda: frames(page) == 50)
    page.keyboard.press("Control+z")
    expect(page.locator("#told")).to_contain_text("그동안 다른 곳에서 고친 클립")
    assert says(served, "out: 2}")


def test_footage_in_which_people_are_looked_for_is_looked_at_again_after_a_cut(
    tmp_path: Path, opened: Opened
) -> None:
    root = make_campaign(tmp_path / "campaign", CAMPAIGN.replace("framing: centre", "framing: auto"))
    with serving(root, tmp_path / "home") as served:
        page = opened(served)
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+KeyI")
        eventually(lambda: frames(page) == 100)
        expect(page.locator(".problem")).to_be_hidden()
        expect(page.locator(".clock")).to_have_text("0:00.00")
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+KeyO")
        eventually(lambda: says(served, 'out: "00:02.04", in: "00:01"'))
        eventually(lambda: frames(page) == 26)


def test_a_typed_edit_and_a_cut_are_undone_in_their_order(served: Served, opened: Opened) -> None:
    page = opened(served)
    first = page.locator(".row textarea").first
    first.fill("하나")
    ends = page.get_by_label("IMG_0412.mp4: 끝")
    ends.fill("4")
    ends.press("Enter")
    eventually(lambda: frames(page) == 100)
    page.keyboard.press("Control+z")
    eventually(lambda: frames(page) == 125)
    expect(first).to_have_value("하나")
    page.keyboard.press("Control+z")
    expect(first).to_have_value("안녕하세요, 전주시청입니다")


def test_a_cue_is_cut_out_with_what_is_said_in_it(tmp_path: Path, opened: Opened) -> None:
    root = make_campaign(tmp_path / "campaign", CAMPAIGN + "cut: {text: true}\n")
    with serving(root, tmp_path / "home") as served:
        page = opened(served)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("KeyX")
        expect(page.locator(".row").nth(1).locator("textarea")).to_have_value(
            "[x] 이번 주말 한옥마을에서 만나요"
        )
        # Its 1.4 s go.
        eventually(lambda: frames(page) == 90)
        assert read_subtitles(served.draft)[1].text == "[x] 이번 주말 한옥마을에서 만나요"
        page.keyboard.press("KeyX")
        eventually(lambda: frames(page) == 125)
        assert read_subtitles(served.draft)[1].text == "이번 주말 한옥마을에서 만나요"
        assert served.complaints == []


def test_where_words_cut_nothing_that_is_told(served: Served, opened: Opened) -> None:
    page = opened(served)
    page.get_by_role("button", name="이 말 빼기/되살리기").click()
    expect(page.locator("#told")).to_contain_text("cut: {text: true}")
    eventually(lambda: read_subtitles(served.draft)[0].text.startswith("[x]"))
    assert frames(page) == 125


def test_a_reel_that_gets_another_clip_is_shown_with_it(served: Served, opened: Opened) -> None:
    page = opened(served)
    two = "clips: [{footage: IMG_0412.mp4}, {footage: IMG_0412.mp4, in: 1, out: 2}]"
    served.campaign.write_text(CAMPAIGN.replace("clips: [{footage: IMG_0412.mp4}]", two), encoding="utf-8")
    eventually(lambda: frames(page) == 150)
    expect(page.locator(".clips li")).to_have_count(2)


_GREEN = """seconds => {
  const canvas = document.querySelector('canvas.wave');
  const [x, y] = [seconds * 60 * devicePixelRatio, canvas.height - 2];
  return [...canvas.getContext('2d').getImageData(x, y, 1, 1).data];
}"""


def test_where_somebody_speaks_is_marked_below_the_sound(served: Served, opened: Opened) -> None:
    served.may_complain = True  # of a picture that is read again and again
    page = opened(served)

    def heard(route: Route) -> None:
        answer = route.fetch()
        said = answer.json()
        said["drafts"][0]["speech"] = [[1000, 2000]]
        route.fulfill(response=answer, body=json.dumps(said))

    page.route("**/api/reels/hello", heard)
    page.reload()
    page.wait_for_selector(".row")
    eventually(lambda: page.evaluate(_GREEN, 1.5)[1] > page.evaluate(_GREEN, 1.5)[0] + 40)
    assert page.evaluate(_GREEN, 2.5)[1] < page.evaluate(_GREEN, 2.5)[0] + 40
