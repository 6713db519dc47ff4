"""The editor's page in a real browser: what is typed, dragged, split and undone there is what the draft says afterwards."""

from __future__ import annotations

import re
import shutil
import signal
from fractions import Fraction
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Locator, Page, Route, expect

from reels.drafts import mine_beside
from reels.subtitles import Cue, read_subtitles

from .conftest import CAMPAIGN, DRAFT, Opened, Served, eventually, make_campaign, serving


def texts(path: Path) -> list[str]:
    return [cue.text for cue in read_subtitles(path)]


def field(page: Page, number: int) -> Locator:
    """The field of a cue, counted from 1."""
    return page.locator(".row textarea").nth(number - 1)


def times(path: Path, number: int) -> tuple[float, float]:
    cue: Cue = read_subtitles(path)[number - 1]
    return float(cue.start), float(cue.end)


# --- the list --------------------------------------------------------------------------------------------


def test_the_list_names_every_reel_and_how_far_it_is(served: Served, opened: Opened) -> None:
    page = opened(served, "")
    expect(page.locator("h1")).to_have_text("2026 비빔밥축제")
    expect(page.locator(".reels li")).to_have_count(2)
    expect(page.locator(".reels li").first).to_contain_text("축제에 놀러 오세요")
    expect(page.locator(".reels .badge").first).to_have_text("고침")
    page.locator(".reels a").first.click()
    expect(page.locator(".row")).to_have_count(3)
    assert "token" not in page.url


def test_an_english_browser_reads_english(served: Served, opened: Opened) -> None:
    page = opened(served, "", locale="en-GB")
    expect(page.locator(".reels .badge").first).to_have_text("Edited")
    assert page.locator("html").get_attribute("lang") == "en"


# --- typing ----------------------------------------------------------------------------------------------


class InputMethod:
    """A Korean input method: syllables grow in composition, as the browser hears them from the system."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)

    def compose(self, *states: str) -> None:
        for state in states:
            self._key("Process", "KeyG", 229)
            self._session.send(
                "Input.imeSetComposition",
                {"text": state, "selectionStart": len(state), "selectionEnd": len(state)},
            )

    def enter(self) -> None:
        """Enter while a syllable is composed: the input method's, though the page sees a key."""
        self._key("Process", "Enter", 229)

    def commit(self, syllable: str) -> None:
        self._session.send("Input.insertText", {"text": syllable})

    def _key(self, key: str, code: str, number: int) -> None:
        self._session.send(
            "Input.dispatchKeyEvent",
            {"type": "rawKeyDown", "key": key, "code": code, "windowsVirtualKeyCode": number},
        )


def test_composed_hangul_comes_out_letter_for_letter_and_enter_ends_only_the_syllable(
    served: Served, opened: Opened
) -> None:
    page = opened(served)
    second = field(page, 2)
    second.click()
    second.press("End")
    method = InputMethod(page)
    for states in (("ㅎ", "하", "한"), ("ㅇ", "오", "옥"), ("ㅁ", "마"), ("ㅇ", "으", "을")):
        method.compose(*states)
        # What is saved meanwhile must not come back under the letter that is composed.
        page.wait_for_timeout(400)
        method.enter()
        method.commit(states[-1])
    assert second.input_value() == "이번 주말 한옥마을에서 만나요한옥마을"
    expect(page.locator(".row")).to_have_count(3)
    eventually(lambda: texts(served.draft)[1] == "이번 주말 한옥마을에서 만나요한옥마을")


def test_a_cue_that_another_moves_meanwhile_is_not_taken_from_under_the_syllable(
    served: Served, opened: Opened
) -> None:
    page = opened(served)
    first = field(page, 1)
    first.click()
    first.press("End")
    method = InputMethod(page)
    moved = DRAFT.replace("00,200 --> 00:00:01,600", "00,400 --> 00:00:01,700")

    def moved_before(route: Route) -> None:
        served.draft.write_text(moved, encoding="utf-8")
        route.continue_()

    page.route("**/api/drafts/*", moved_before, times=1)
    method.compose("ㅎ", "하")
    # Saved, brought together and answered, while the syllable is still open.
    expect(page.locator(".state")).to_have_text("저장됨")
    eventually(lambda: times(served.draft, 1) == (0.4, 1.7) and texts(served.draft)[0].endswith("하"))
    page.wait_for_timeout(600)
    expect(first).to_be_focused()
    method.compose("한")
    method.commit("한")
    method.compose("ㄱ", "글")
    method.commit("글")
    eventually(lambda: texts(served.draft)[0] == "안녕하세요, 전주시청입니다한글")
    assert times(served.draft, 1) == (0.4, 1.7)
    expect(page.locator(".row").first.locator(".start")).to_have_value("0:00.40")
    expect(page.locator(".row")).to_have_count(3)


def test_decomposed_hangul_is_saved_composed(served: Served, opened: Opened) -> None:
    page = opened(served)
    field(page, 1).fill("한글")
    eventually(lambda: texts(served.draft)[0] == "한글")


def test_enter_splits_where_the_caret_stands_and_undo_puts_it_together(
    served: Served, opened: Opened
) -> None:
    page = opened(served)
    first = field(page, 1)
    first.click()
    first.evaluate("field => field.setSelectionRange(7, 7)")
    first.press("Enter")
    expect(page.locator(".row")).to_have_count(4)
    eventually(lambda: texts(served.draft)[:2] == ["안녕하세요,", "전주시청입니다"])
    before, behind = times(served.draft, 1), times(served.draft, 2)
    assert before[0] == 0.2
    assert before[1] == behind[0]
    assert behind[1] == 1.6
    page.keyboard.press("Control+z")
    eventually(lambda: texts(served.draft)[0] == "안녕하세요, 전주시청입니다")
    assert times(served.draft, 1) == (0.2, 1.6)
    page.keyboard.press("Control+Shift+z")
    eventually(lambda: texts(served.draft)[:2] == ["안녕하세요,", "전주시청입니다"])


def test_shift_enter_breaks_the_line_and_the_break_is_burned_in(served: Served, opened: Opened) -> None:
    page = opened(served)
    third = field(page, 3)
    third.click()
    third.evaluate("field => field.setSelectionRange(6, 6)")
    third.press("Shift+Enter")
    eventually(lambda: texts(served.draft)[2] == "비빔밥축제에\n꼭 오세요")


def test_undo_goes_back_to_the_beginning_however_much_was_done(served: Served, opened: Opened) -> None:
    page = opened(served)
    field(page, 1).click()
    for number in range(30):
        field(page, 1 + number % 3).fill(f"고침 {number}")
    page.keyboard.press("Escape")
    for _ in range(30):
        page.keyboard.press("Control+z")
    eventually(lambda: texts(served.draft) == [block.split("\n")[2] for block in DRAFT.strip().split("\n\n")])
    for _ in range(30):
        page.keyboard.press("Control+Shift+z")
    eventually(lambda: texts(served.draft) == ["고침 27", "고침 28", "고침 29"])


def test_what_was_saved_is_there_when_the_page_is_loaded_again(served: Served, opened: Opened) -> None:
    page = opened(served)
    field(page, 1).fill("반갑습니다")
    expect(page.locator(".state")).to_have_text("저장됨")
    page.reload()
    expect(field(page, 1)).to_have_value("반갑습니다")


def test_a_killed_server_has_lost_nothing_that_was_typed_a_second_ago(alone: Served, opened: Opened) -> None:
    page = opened(alone)
    field(page, 1).press_sequentially("!!", delay=20)
    page.wait_for_timeout(1000)
    alone.process.kill()
    alone.process.wait()
    assert texts(alone.draft)[0].endswith("!!")


def test_what_is_typed_without_a_pause_is_saved_meanwhile(served: Served, opened: Opened) -> None:
    page = opened(served)
    first = field(page, 1)
    first.click()
    first.press("End")
    for _ in range(20):
        page.keyboard.type("가")
        page.wait_for_timeout(100)
    assert "가" in texts(served.draft)[0], "nothing is saved before there is a pause"


def test_a_sign_that_the_font_lacks_is_told_and_can_be_mended_there(served: Served, opened: Opened) -> None:
    served.may_complain = True  # of frames that cannot be drawn
    page = opened(served)
    field(page, 1).fill("漢字 안녕하세요")
    expect(page.locator(".problem")).to_contain_text("漢")
    expect(page.locator(".state")).to_have_text("저장됨")
    field(page, 1).press("End")
    page.keyboard.type("!")
    eventually(lambda: texts(served.draft)[0] == "漢字 안녕하세요!")
    expect(page.locator("dialog")).to_have_count(0)
    page.reload()
    expect(page.locator(".problem")).to_contain_text("漢")
    field(page, 1).fill("한자, 안녕하세요")
    expect(page.locator(".problem")).to_be_hidden()
    eventually(lambda: texts(served.draft)[0] == "한자, 안녕하세요")


def test_what_cannot_be_saved_is_told_until_it_is(alone: Served, opened: Opened) -> None:
    alone.may_complain = True
    page = opened(alone)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    field(page, 1).fill("아직 아무 데도 없는 글")
    expect(page.locator(".state.failed")).to_contain_text("저장하지 못함")
    assert texts(alone.draft)[0] != "아직 아무 데도 없는 글"
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    expect(page.locator(".state")).to_have_text("저장됨")
    eventually(lambda: texts(alone.draft)[0] == "아직 아무 데도 없는 글")


# --- times -----------------------------------------------------------------------------------------------


def drag(page: Page, *, from_s: float, to_s: float) -> None:
    """Along the timeline, which begins with 60 pixels for a second."""
    box = page.locator("canvas.wave").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + from_s * 60, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + (from_s + to_s) / 2 * 60, middle, steps=4)
    page.mouse.move(box["x"] + to_s * 60, middle, steps=4)
    page.mouse.up()


def test_a_cue_is_dragged_as_a_whole_and_by_its_edges(served: Served, opened: Opened) -> None:
    page = opened(served)
    frame = 1 / 25
    drag(page, from_s=2.5, to_s=2.7)
    eventually(lambda: times(served.draft, 2) == pytest.approx((2.0, 3.4), abs=frame))
    drag(page, from_s=0.22, to_s=0.42)
    eventually(lambda: times(served.draft, 1) == pytest.approx((0.4, 1.6), abs=frame))
    page.keyboard.press("Control+z")
    eventually(lambda: times(served.draft, 1) == (0.2, 1.6))
    page.keyboard.press("Control+z")
    eventually(lambda: times(served.draft, 2) == (1.8, 3.2))


def test_a_drag_beyond_the_beginning_stops_there_and_comes_back(served: Served, opened: Opened) -> None:
    page = opened(served)
    box = page.locator("canvas.wave").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.9 * 60, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.1 * 60, middle, steps=3)
    eventually(lambda: times(served.draft, 1) == (0.0, 1.4))
    page.mouse.move(box["x"] + 0.8 * 60, middle, steps=3)
    page.mouse.up()
    eventually(lambda: times(served.draft, 1) == pytest.approx((0.1, 1.5), abs=0.03))
    page.keyboard.press("Control+z")
    eventually(lambda: times(served.draft, 1) == (0.2, 1.6))


def test_times_are_typed_too(served: Served, opened: Opened) -> None:
    page = opened(served)
    start = page.locator(".row").nth(1).locator(".start")
    start.fill("0:02.1")
    start.press("Tab")
    eventually(lambda: times(served.draft, 2) == (2.1, 3.2))
    start.fill("soon")
    start.press("Tab")
    expect(start).to_have_value("0:02.10")


def test_a_film_that_comes_late_leaves_the_position_where_it_is_by_then(
    served: Served, opened: Opened
) -> None:
    page = opened(served)
    eventually(lambda: page.request.get(f"{served.origin}/api/reels/hello/film").status == 200)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/film?*", hold)
    page.reload()
    page.wait_for_selector(".row")
    eventually(lambda: page.evaluate("() => document.querySelector('video').src !== ''"))
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".clock")).to_have_text("0:00.12")
    # What was held goes on by itself.
    page.unroute("**/film?*")
    eventually(lambda: page.evaluate("() => document.querySelector('video').readyState >= 1"))
    page.wait_for_timeout(300)
    assert page.locator(".clock").text_content() == "0:00.12"


def test_everything_is_done_with_the_keyboard_on_a_korean_layout(served: Served, opened: Opened) -> None:
    """The letters of the keys are those of a Korean layout; what counts is where they are."""
    page = opened(served)
    page.locator("body").press("ArrowDown")
    expect(page.locator(".row.selected .number")).to_have_text("2")
    rate = Fraction(25)
    for _ in range(3):
        page.keyboard.press("ArrowRight")

    def korean(letter: str, code: str) -> None:
        page.evaluate(
            "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))",
            [letter, code],
        )

    korean("ㅑ", "KeyI")
    eventually(lambda: times(served.draft, 2)[0] == float(Fraction(9, 5) + 3 / rate))
    page.keyboard.press("BracketLeft")
    eventually(lambda: times(served.draft, 2)[0] == pytest.approx(1.88))
    page.keyboard.press("Shift+BracketRight")
    eventually(lambda: times(served.draft, 2)[1] == pytest.approx(3.24))
    korean("ㅡ", "KeyM")
    eventually(lambda: len(texts(served.draft)) == 2)
    assert texts(served.draft)[1] == "이번 주말 한옥마을에서 만나요 비빔밥축제에 꼭 오세요"
    page.keyboard.press("Delete")
    eventually(lambda: len(texts(served.draft)) == 1)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    eventually(lambda: len(texts(served.draft)) == 3)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.press("Escape")
    korean("ㅜ", "KeyN")
    page.keyboard.type("새 자막")
    eventually(lambda: "새 자막" in texts(served.draft))


def test_links_and_the_search_are_reached_with_the_keyboard(served: Served, opened: Opened) -> None:
    page = opened(served)
    field(page, 1).click()
    page.keyboard.press("Control+f")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".back").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".reels li")).to_have_count(2)


def test_one_word_is_replaced_in_every_cue(served: Served, opened: Opened) -> None:
    page = opened(served)
    page.keyboard.press("Control+f")
    page.get_by_label("찾을 말").fill("요")
    expect(page.locator("dialog output")).to_have_text("3곳")
    page.get_by_label("바꿀 말").fill("요!")
    page.get_by_role("button", name="모두 바꾸기").click()
    eventually(lambda: all(text.count("요!") == 1 for text in texts(served.draft)))
    page.keyboard.press("Control+z")
    eventually(lambda: not any("!" in text for text in texts(served.draft)))


def test_what_was_replaced_in_drafts_that_do_not_lie_open_is_undone_with_the_rest(
    tmp_path: Path, opened: Opened
) -> None:
    other = "  - {id: other, clips: [{footage: IMG_0413.mp4}]}\n"
    root = make_campaign(tmp_path / "campaign", CAMPAIGN + other)
    shutil.copy(root / "IMG_0412.mp4", root / "IMG_0413.mp4")
    beside = root / "subtitles" / "IMG_0413.ko.srt"
    beside.write_text(DRAFT, encoding="utf-8")
    with serving(root, tmp_path / "home") as served:
        page = opened(served)
        page.keyboard.press("Control+f")
        page.get_by_label("찾을 말").fill("전주")
        page.get_by_label("캠페인의 다른 초안에서도").check()
        expect(page.locator("dialog output")).to_have_text("2곳")
        page.get_by_label("바꿀 말").fill("한빛")
        page.get_by_role("button", name="모두 바꾸기").click()
        eventually(lambda: texts(served.draft)[0] == texts(beside)[0] == "안녕하세요, 한빛시청입니다")
        expect(page.locator("dialog")).to_have_count(0)
        page.keyboard.press("Control+z")
        eventually(lambda: texts(served.draft)[0] == texts(beside)[0] == "안녕하세요, 전주시청입니다")
        page.keyboard.press("Control+Shift+z")
        eventually(lambda: texts(served.draft)[0] == texts(beside)[0] == "안녕하세요, 한빛시청입니다")


# --- beside others ---------------------------------------------------------------------------------------


def test_what_another_program_saves_is_seen_by_itself(served: Served, opened: Opened) -> None:
    page = opened(served)
    served.draft.write_text(DRAFT.replace("꼭 오세요", "많이 오세요"), encoding="utf-8")
    expect(field(page, 3)).to_have_value("비빔밥축제에 많이 오세요")


def test_what_changes_while_the_page_is_being_opened_is_seen_too(served: Served, opened: Opened) -> None:
    """Between the answer with the reel and the first news of what changes."""
    page = opened(served)

    def changed_before(route: Route) -> None:
        served.draft.write_text(DRAFT.replace("꼭 오세요", "많이 오세요"), encoding="utf-8")
        route.continue_()

    page.route("**/api/news", changed_before, times=1)
    page.reload()
    expect(field(page, 3)).to_have_value("비빔밥축제에 많이 오세요")


def test_edits_of_two_pages_come_together(served: Served, opened: Opened) -> None:
    one = opened(served)
    other = opened(served, same_as=one)
    field(one, 1).fill("하나")
    field(other, 3).fill("셋")
    eventually(lambda: texts(served.draft) == ["하나", "이번 주말 한옥마을에서 만나요", "셋"])
    expect(field(one, 3)).to_have_value("셋")
    expect(field(other, 1)).to_have_value("하나")


_ANSWERS_COME_LATE = """const real = fetch;
window.fetch = async (path, how) => {
  const answer = await real(path, how);
  if (how?.method === 'PUT') await new Promise(done => setTimeout(done, 600));
  return answer;
};"""


def test_what_others_write_while_one_types_on_is_kept(served: Served, opened: Opened) -> None:
    """The answer to an edit comes while the next letters are typed: both, and what somebody else wrote, stand in the end."""
    served.may_complain = True
    page = opened(served)
    page.route("**/api/news", lambda route: route.abort())
    page.add_init_script(_ANSWERS_COME_LATE)
    page.reload()
    page.wait_for_selector(".row")
    served.draft.write_text(DRAFT.replace("꼭 오세요", "많이 오세요"), encoding="utf-8")
    first = field(page, 1)
    first.fill("하나")
    page.wait_for_timeout(400)
    first.press_sequentially(" 둘", delay=50)
    eventually(lambda: texts(served.draft)[0] == "하나 둘")
    assert texts(served.draft)[2] == "비빔밥축제에 많이 오세요"


def test_undoing_takes_back_ones_own_and_never_what_another_wrote(served: Served, opened: Opened) -> None:
    page = opened(served)
    field(page, 1).fill("하나")
    eventually(lambda: texts(served.draft)[0] == "하나")
    now = served.draft.read_text(encoding="utf-8")
    served.draft.write_text(now.replace("꼭 오세요", "많이 오세요"), encoding="utf-8")
    expect(field(page, 3)).to_have_value("비빔밥축제에 많이 오세요")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    eventually(lambda: texts(served.draft)[0] == "안녕하세요, 전주시청입니다")
    assert texts(served.draft)[2] == "비빔밥축제에 많이 오세요"


@pytest.mark.parametrize("mine", [True, False], ids=["mine", "theirs"])
def test_the_same_cue_changed_twice_is_decided_by_a_person_and_nothing_is_lost_before(
    served: Served, opened: Opened, mine: bool
) -> None:
    served.may_complain = True  # of the news that is cut off, and of the answer 409
    page = opened(served)
    page.route("**/api/news", lambda route: route.abort())
    page.reload()
    page.wait_for_selector(".row")
    theirs = DRAFT.replace("안녕하세요", "반갑습니다").replace("꼭 오세요", "많이 오세요")
    served.draft.write_text(theirs, encoding="utf-8")
    # Two changes at once, of which only one is disputed.
    page.keyboard.press("Control+f")
    page.get_by_label("찾을 말").fill("이번 주말")
    page.get_by_label("바꿀 말").fill("다음 주말")
    page.route("**/api/drafts/*", lambda route: route.abort())
    page.get_by_role("button", name="모두 바꾸기").click()
    page.unroute("**/api/drafts/*")
    field(page, 1).fill("여기는 전주시청입니다")
    dialog = page.locator("dialog")
    expect(dialog).to_contain_text("여기는 전주시청입니다")
    expect(dialog).to_contain_text("반갑습니다, 전주시청입니다")
    assert served.draft.read_text(encoding="utf-8") == theirs
    (kept,) = mine_beside(served.draft)
    assert texts(kept)[0] == "여기는 전주시청입니다"
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    if not mine:
        dialog.get_by_label(re.compile("다른 곳에서 고친 것")).check()
    dialog.get_by_role("button", name="고른 대로 저장").click()
    wanted = "여기는 전주시청입니다" if mine else "반갑습니다, 전주시청입니다"
    both = ["다음 주말 한옥마을에서 만나요", "비빔밥축제에 많이 오세요"]
    eventually(lambda: texts(served.draft) == [wanted, *both])
    expect(field(page, 1)).to_have_value(wanted)
    eventually(lambda: not kept.exists())


# --- a reel as a whole -----------------------------------------------------------------------------------


def test_an_approval_is_kept_and_ends_with_the_next_edit(served: Served, opened: Opened) -> None:
    page = opened(served)
    page.get_by_label("이름").fill("김하늘")
    page.get_by_role("button", name="이대로 승인").click()
    expect(page.locator(".approval.stands")).to_contain_text("김하늘")
    listed = opened(served, "", same_as=page).locator(".reels li").first.locator(".badge")
    expect(listed).to_have_text(["고침", "승인함"])
    field(page, 1).fill("반갑습니다")
    expect(page.locator(".approval")).to_contain_text("승인한 뒤에 바뀌었습니다")
    expect(listed).to_have_text(["고침", "승인 뒤에 바뀜"])
    page.keyboard.press("Control+z")
    expect(page.locator(".approval.stands")).to_contain_text("김하늘")


def test_a_note_is_kept_with_the_campaign(served: Served, opened: Opened) -> None:
    page = opened(served)
    page.get_by_label("메모").fill("마지막 자막 확인\n<script>alert(1)</script>")
    note = served.root / "review" / "hello.json"
    eventually(note.exists)
    page.reload()
    expect(page.get_by_label("메모")).to_have_value("마지막 자막 확인\n<script>alert(1)</script>")


def test_the_reel_is_rendered_from_the_page(served: Served, opened: Opened) -> None:
    page = opened(served)
    page.get_by_role("button", name="영상 만들기(바뀐 곳만)").click()
    film = served.root / "out" / "hello" / "instagram-reels" / "hello.mp4"
    page.set_default_timeout(90_000)
    expect(page.locator(".doing")).to_have_text("영상이 완성되었습니다.", timeout=90_000)
    assert film.exists()
    page.goto(f"{served.origin}/#/")
    expect(page.locator(".reels .badge").first).to_have_text("영상 완성")


def test_ctrl_c_ends_it_at_once_and_quietly_and_the_same_port_is_free_again(
    tmp_path: Path, opened: Opened
) -> None:
    root = make_campaign(tmp_path / "campaign")
    with serving(root, tmp_path / "home") as first:
        opened(first)
        port = first.origin.rsplit(":", 1)[1]
        first.process.send_signal(signal.SIGINT)
        _, stderr = first.process.communicate(timeout=10)
        assert first.process.returncode == 0
        assert "Traceback" not in stderr
    with serving(root, tmp_path / "home", "--port", port) as again:
        assert again.origin.endswith(f":{port}")
