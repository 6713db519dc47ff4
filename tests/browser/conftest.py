"""The real command serving its page, and a real Chromium looking at it.

Debian's `chromium` where it is installed, Playwright's own otherwise; without either every test here fails, for a page
that nobody has opened is not tested.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from reels.drafts import mine_beside
from tests.end_to_end.entry_point import make_footage, plain_environment

_PATIENCE_MS = 20_000
"""On a machine that does much else; nothing here is about how fast the page is."""
expect.set_options(timeout=_PATIENCE_MS)

_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

CAMPAIGN = """\
campaign: 2026 비빔밥축제
platforms: [instagram-reels, youtube-shorts]
framing: centre
reels:
  - id: hello
    title: 축제에 놀러 오세요
    clips: [{footage: IMG_0412.mp4}]
  - id: bye
    clips: [{footage: IMG_0412.mp4, in: 1, out: 3}]
"""

DRAFT = """\
1
00:00:00,200 --> 00:00:01,600
안녕하세요, 전주시청입니다

2
00:00:01,800 --> 00:00:03,200
이번 주말 한옥마을에서 만나요

3
00:00:03,400 --> 00:00:04,900
비빔밥축제에 꼭 오세요
"""


@dataclass(slots=True, kw_only=True)
class Served:
    """A campaign whose page is served. `complaints` is what the browser's console said that it should not.

    `may_complain`: a test cuts the page off, of which a browser tells its console.
    """

    root: Path
    address: str
    process: subprocess.Popen[str]
    complaints: list[str] = field(default_factory=list)
    may_complain: bool = False

    @property
    def origin(self) -> str:
        return self.address.split("/?")[0]

    @property
    def token(self) -> str:
        return self.address.split("token=")[1]

    @property
    def campaign(self) -> Path:
        return self.root / "campaign.yaml"

    @property
    def draft(self) -> Path:
        return self.root / "subtitles" / "IMG_0412.ko.srt"


def make_campaign(root: Path, campaign: str = CAMPAIGN, draft: str = DRAFT, seconds: str = "5") -> Path:
    (root / "subtitles").mkdir(parents=True)
    make_footage(root / "IMG_0412.mp4", seconds=seconds)
    (root / "campaign.yaml").write_text(campaign, encoding="utf-8")
    (root / "subtitles" / "IMG_0412.ko.srt").write_text(draft, encoding="utf-8")
    return root


@contextmanager
def serving(root: Path, home: Path, *options: str) -> Iterator[Served]:
    """The page of a campaign, served by the command until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "reels", "preview", str(root), "--no-browser", *options],
        env={**plain_environment(home), "PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), process.communicate(timeout=5)
        yield Served(root=root, address=address, process=process)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    installed = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=installed, args=list(_FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One campaign and one server for the tests of a module."""
    root = make_campaign(tmp_path_factory.mktemp("shared") / "campaign")
    with serving(root, tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture
def served(shared: Served) -> Iterator[Served]:
    """A campaign as it was at first; what is known of its footage may be known already."""
    shared.draft.write_text(DRAFT, encoding="utf-8")
    shared.campaign.write_text(CAMPAIGN, encoding="utf-8")
    for kept in mine_beside(shared.draft):
        kept.unlink()
    for folder in ("out", "review"):
        shutil.rmtree(shared.root / folder, ignore_errors=True)
    shared.complaints.clear()
    shared.may_complain = False
    yield shared
    assert shared.may_complain or shared.complaints == []


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Served]:
    """A campaign and a server that a test may break."""
    root = make_campaign(tmp_path / "campaign")
    with serving(root, tmp_path / "home") as found:
        yield found


def eventually(found: Callable[[], bool]) -> None:
    """Wait for what comes by itself, a moment after it was asked for."""
    until = time.monotonic() + _PATIENCE_MS / 1000
    while not found():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.05)


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Opens the page of a campaign at one of its reels, in a browser of its own, in Korean."""
    with ExitStack() as stack:

        def look(
            served: Served, reel: str = "hello", *, locale: str = "ko-KR", same_as: Page | None = None
        ) -> Page:
            context: BrowserContext = (
                same_as.context
                if same_as is not None
                else browser.new_context(locale=locale, viewport={"width": 1400, "height": 900})
            )
            if same_as is None:
                stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(_PATIENCE_MS)

            def heard(message: ConsoleMessage) -> None:
                if message.type in ("error", "warning"):
                    served.complaints.append(message.text)

            page.on("console", heard)
            page.on("pageerror", lambda error: served.complaints.append(str(error)))
            page.goto(served.address)
            if reel:
                page.goto(f"{served.origin}/#/{reel}")
                page.wait_for_selector(".row")
            return page

        yield look
