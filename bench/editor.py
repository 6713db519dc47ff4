"""`make bench-editor`: how the editor's page feels with an hour of footage and 1,500 cues, in a real Chromium.

    python bench/editor.py [--cues 1500] [--runs 5] [--page docs/performance.md] [--work build/bench]

Opening, scrolling and typing are timed in the page by its own clock, from picture to picture; frames by whoever asks for
them. Prints a Markdown table and puts it between its marks of the page. Needs the packages for development and a Chromium.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from statistics import median, quantiles

from page import load_now, machine, write_between
from playwright.sync_api import Page, sync_playwright

from reels.subtitles import Cue, write_srt
from reels.tools.ffmpeg import run_ffmpeg

_HERE = Path(__file__).resolve().parent
_BEGIN, _END = (
    "<!-- measured by make bench-editor: begin -->",
    "<!-- measured by make bench-editor: end -->",
)
_HOUR_S = 3600
_SEED = 20261130

_CAMPAIGN = """\
campaign: 한빛시 정례 브리핑
platforms: [instagram-reels, youtube-shorts]
template: interview
framing: centre
reels:
  - id: briefing
    title: 이번 주 달라지는 것
    clips: [{footage: briefing.mp4, in: "10:00", out: "11:00", people: [{name: 김하늘, role: 홍보담당관}]}]
"""

_PICTURES = """async () => {
  const times = [];
  let on = true;
  const tick = now => { times.push(now); if (on) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
  await (ACT)();
  on = false;
  return times.slice(1).map((time, at) => time - times[at]);
}"""
"""Milliseconds from picture to picture while something is done."""

_SCROLL = """async () => {
  const list = document.querySelector('.cuelist');
  for (let at = 0; at < 120; at += 1) {
    list.scrollTop += 400;
    await new Promise(requestAnimationFrame);
  }
}"""

_TYPE = """async () => {
  const field = document.querySelector('.row.selected textarea');
  field.focus();
  for (let at = 0; at < 60; at += 1) {
    field.setRangeText('가', field.value.length, field.value.length, 'end');
    field.dispatchEvent(new InputEvent('input', {bubbles: true, data: '가'}));
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
  }
}"""


def _campaign(work: Path, cues: int) -> Path:
    """An hour of a talking head, drawn once, with `cues` cues; a minute of it is the reel."""
    root = work / "editor"
    shutil.rmtree(root, ignore_errors=True)
    (root / "subtitles").mkdir(parents=True)
    footage = work / "hour.mp4"
    if not footage.exists():
        picture = ["-f", "lavfi", "-i", f"testsrc2=s=1280x720:r=30:d={_HOUR_S}"]
        tone = ["-f", "lavfi", "-i", f"sine=f=300:r=48000:d={_HOUR_S}"]
        codecs = [
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-g",
            "60",
            "-crf",
            "40",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
        ]
        run_ffmpeg([*picture, *tone, *codecs, "-f", "mp4", "hour.part"], doing="drawing an hour", cwd=work)
        (work / "hour.part").rename(footage)
    (root / "briefing.mp4").symlink_to(footage)
    step = Fraction(_HOUR_S, cues)
    texts = (
        "다음 주부터 버스 노선이 바뀝니다",
        "자세한 내용은 누리집을\n확인해 주세요",
        "감사합니다",
        "이어서 축제 소식입니다",
    )
    spoken = [
        Cue(
            start=n * step,
            end=n * step + step * Fraction(4, 5),
            lines=tuple(texts[n % len(texts)].split("\n")),
        )
        for n in range(cues)
    ]
    (root / "subtitles" / "briefing.ko.srt").write_text(write_srt(spoken), encoding="utf-8")
    (root / "campaign.yaml").write_text(_CAMPAIGN, encoding="utf-8")
    return root


@contextmanager
def _served(root: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "reels", "preview", str(root), "--no-browser"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def _opening_ms(page: Page, origin: str) -> float:
    """From the address to the first frame and the cues."""
    began = time.perf_counter()
    page.goto(f"{origin}/#/briefing")
    page.reload()
    page.wait_for_selector(".row textarea")
    page.wait_for_selector(".screen img:not([hidden])")
    return (time.perf_counter() - began) * 1000


def _wait_for_film(page: Page) -> None:
    # Playwright's own waiting evaluates a text in the page, which the page's policy forbids.
    until = time.monotonic() + 600
    while not page.evaluate("() => document.querySelector('video').readyState >= 1"):
        if time.monotonic() > until:
            raise TimeoutError("the film to play was not made")
        time.sleep(0.5)


def _frame_ms(page: Page, number: int) -> float:
    began = time.perf_counter()
    answer = page.request.get(f"{page.url.split('/#')[0]}/api/reels/briefing/frames/{number}")
    assert answer.status == 200, answer.text()
    answer.body()
    return (time.perf_counter() - began) * 1000


def _edited_frame_ms(page: Page, text: str) -> float:
    """From the last letter typed to the exact frame with it."""
    field = page.locator(".row.selected textarea")
    began = time.perf_counter()
    with page.expect_response(lambda answer: "/frames/" in answer.url, timeout=20_000):
        field.fill(text)
    return (time.perf_counter() - began) * 1000


def _row(what: str, bar: str, times: Sequence[float]) -> str:
    high = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return f"| {what} | {bar} | {median(times):.0f} ms | {high:.0f} ms | {max(times):.0f} ms |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cues", type=int, default=1500)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--page", type=Path, default=_HERE.parent / "docs" / "performance.md")
    parser.add_argument("--work", type=Path, default=_HERE.parent / "build" / "bench")
    wanted = parser.parse_args()
    wanted.work.mkdir(parents=True, exist_ok=True)
    before = load_now()
    root = _campaign(wanted.work, wanted.cues)
    installed = shutil.which("chromium") or shutil.which("chromium-browser")
    chance = random.Random(_SEED)
    with _served(root) as address, sync_playwright() as playwright:
        origin = address.split("/?")[0]
        browser = playwright.chromium.launch(
            executable_path=installed, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(locale="ko-KR", viewport={"width": 1400, "height": 900})
        page.goto(address)
        _opening_ms(page, origin)
        opening = [_opening_ms(page, origin) for _ in range(wanted.runs)]
        _wait_for_film(page)
        page.wait_for_timeout(2000)
        page.locator("#only-shown").uncheck()
        scrolling = page.evaluate(_PICTURES.replace("ACT", _SCROLL))
        page.locator("#only-shown").check()
        page.locator(".row textarea").first.click()
        typing = page.evaluate(_PICTURES.replace("ACT", _TYPE))
        page.wait_for_timeout(2000)
        numbers = [chance.randrange(1790) for _ in range(40)]
        frames = [_frame_ms(page, number) for number in numbers]
        again = [_frame_ms(page, number) for number in numbers]
        edited = [_edited_frame_ms(page, f"버스 노선이 {n}번 바뀝니다") for n in range(wanted.runs)]
        browser.close()
    rows = [
        _row("opening, from the address to the first exact frame", "≤ 2 s warm", opening),
        _row("from picture to picture while the list is scrolled", "≤ 50 ms", scrolling),
        _row("from picture to picture while somebody types", "≤ 50 ms", typing),
        _row("an exact frame that nobody has asked for yet", "p95 ≤ 300 ms", frames),
        _row("the same frames again", "", again),
        _row("from the last letter to the exact frame with it", "", edited),
    ]
    text = "\n".join(
        [
            *machine((before, load_now()), ("reels", "starlette", "uvicorn", "playwright")),
            "",
            f"{_HOUR_S // 60} minutes of 720p footage, {wanted.cues:,} cues, a minute of it the reel; {wanted.runs} openings, "
            f"{len(frames)} frames.",
            "",
            "| What | Bar | Median | p95 | Worst |",
            "|---|---|---|---|---|",
            *rows,
        ]
    )
    print(text)
    write_between(wanted.page, _BEGIN, _END, text)


if __name__ == "__main__":
    main()
