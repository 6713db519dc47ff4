"""The page for everybody: axe-core finds no serious fault, targets are large enough, and rows that nobody sees are not made."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import CAMPAIGN, Opened, Served, make_campaign, serving

_LEAST_PX = 44


def faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']} ({one['nodes'][0]['target']})"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_fault_on_any_view(served: Served, opened: Opened, scheme: str) -> None:
    page = opened(served, "")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.wait_for_selector(".reels li")
    assert faults(page) == []
    page.goto(f"{served.origin}/#/hello")
    page.wait_for_selector(".row")
    assert faults(page) == []
    page.keyboard.press("Control+f")
    expect(page.locator("dialog")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    # A dialog that is closed is gone a moment later, and until then the keys are its own.
    expect(page.locator("dialog")).to_have_count(0)
    page.keyboard.press("Shift+Slash")
    expect(page.locator("dialog")).to_be_visible()
    assert faults(page) == []


def test_what_is_pressed_is_large_enough_for_a_finger(served: Served, opened: Opened) -> None:
    page = opened(served)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('button, select, a, input:not([type=checkbox])')]
            .filter(one => one.offsetParent && !one.classList.contains('term'))
            .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])"""
    )
    assert len(sizes) > 20
    assert [one for one in sizes if one[1] < _LEAST_PX] == []


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (768, 1024), (390, 844)], ids=str)
def test_it_fits_a_tablet_and_a_phone(served: Served, opened: Opened, width: int, height: int) -> None:
    page = opened(served)
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(300)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    page.locator(".row textarea").first.scroll_into_view_if_needed()
    page.locator(".row textarea").first.fill("작은 화면")
    expect(page.locator(".state")).to_have_text("저장됨")


def test_of_fifteen_hundred_cues_only_those_in_sight_are_made(tmp_path: Path, opened: Opened) -> None:
    draft = "\n".join(
        f"{n + 1}\n00:{n // 25:02}:{n % 25 * 2:02},000 --> 00:{n // 25:02}:{n % 25 * 2 + 1:02},500\n자막 {n + 1}\n"
        for n in range(1500)
    )
    root = make_campaign(tmp_path / "campaign", CAMPAIGN, draft)
    with serving(root, tmp_path / "home") as served:
        page = opened(served)
        only = page.get_by_label("이 릴스에 나오는 자막만")
        expect(only).to_be_checked()
        expect(page.locator(".row")).to_have_count(3)
        only.uncheck()
        assert page.locator(".row").count() < 40
        page.locator(".cuelist").evaluate("list => { list.scrollTop = list.scrollHeight; }")
        expect(page.locator(".row").last).to_contain_text("1500")
        assert page.locator(".row").count() < 40
        last = page.locator(".row textarea").last
        last.fill("맨 끝")
        expect(page.locator(".state")).to_have_text("저장됨")
        assert served.draft.read_text(encoding="utf-8").rstrip().endswith("맨 끝")
        assert served.complaints == []
