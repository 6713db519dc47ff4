"""The page's server under attack: what does not come from the page gets nothing, changes nothing, and does no harm."""

from __future__ import annotations

import http.client
import json
import math
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import DRAFT, Opened, Served, make_campaign, serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(
    served: Served,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    token: bool = True,
    **headers: str,
) -> Got:
    """A question with exactly these headers, the path as it is written."""
    host = served.origin.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=30)
    port = host.split(":")[1]
    sent = {
        "Origin": served.origin,
        **({"Cookie": f"reels-{port}={served.token}"} if token else {}),
        **headers,
    }
    try:
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        return Got(status=answer.status, headers=dict(answer.getheaders()), body=answer.read())
    finally:
        connection.close()


def edit_of(cues: object, **more: object) -> bytes:
    """What our page sends of an edit."""
    edit = {"edit": "e1", "version": "", "perhaps": "", "decides": "", "reel": "hello", "cues": cues, **more}
    return json.dumps(edit).encode()


def is_alive(served: Served) -> bool:
    return ask(served, "/api/campaign").status == 200


def test_without_the_token_no_address_answers(served: Served) -> None:
    for path in (
        "/",
        "/page/main.js",
        "/api/campaign",
        "/api/reels/hello",
        "/api/reels/hello/frames/3",
        "/api/news",
    ):
        assert ask(served, path, token=False).status == 403, path
    assert ask(served, f"/?token={served.token[:-1]}", token=False).status == 403


def test_another_pages_edit_changes_nothing(served: Served) -> None:
    edit = edit_of([])
    for origin in ("http://evil.example", "null"):
        refused = ask(served, "/api/drafts/IMG_0412.ko.srt", method="PUT", body=edit, Origin=origin)
        assert refused.status == 403
    assert ask(served, "/api/campaign", Host="evil.example").status == 421
    assert served.draft.read_text(encoding="utf-8") == DRAFT


@pytest.mark.parametrize(
    "path",
    [
        "/page/../../../pyproject.toml",
        "/page/%2e%2e/%2e%2e/campaign.yaml",
        "/page/..%2f..%2fcampaign.yaml",
        "/page/%252e%252e/x",
        "/page/%c0%ae%c0%ae/x",
        "/page//etc/passwd",
        "/page/%00",
        "/../campaign.yaml",
        "/api/reels/..%2f..%2fcampaign.yaml",
        "/api/fonts/..%2f..%2fcampaign.yaml",
        "/api/reels/hello/frames/-1",
        "/api/reels/hello/frames/99999999999999999999",
        "/api/reels/hello/frames/1e3",
        "//evil.example/",
    ],
)
def test_no_address_leads_out_of_the_campaign(served: Served, path: str) -> None:
    got = ask(served, path)
    # 202: a reel of which nothing is known yet has no frame of any number.
    assert got.status in (202, 400, 404, 405, 422), got
    assert b"campaign: 2026" not in got.body
    assert b"root:" not in got.body
    assert "Traceback" not in got.body.decode(errors="replace")
    assert is_alive(served)


@pytest.mark.parametrize(
    "name",
    ["..%2fcampaign.yaml", "%2fetc%2fpasswd", "campaign.yaml", "none.ko.srt", "%ED%A0%80.srt", "a" * 4000],
)
def test_only_drafts_of_the_campaign_are_written(served: Served, name: str) -> None:
    edit = edit_of([{"start": 0, "end": 900, "text": "x"}])
    before = sorted(path for path in served.root.rglob("*") if ".reels" not in path.parts)
    got = ask(served, f"/api/drafts/{name}", method="PUT", body=edit)
    assert got.status in (404, 405, 414, 422), got
    assert sorted(path for path in served.root.rglob("*") if ".reels" not in path.parts) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        edit_of([], version=1),
        edit_of([], decides=None),
        edit_of({}),
        edit_of([1]),
        edit_of([{"start": -1, "end": 2, "text": "x"}]),
        edit_of([{"start": 2, "end": 1, "text": "x"}]),
        edit_of([{"start": math.nan, "end": math.inf, "text": "x"}]),
        edit_of([{"start": 1e300, "end": 1e301, "text": "x"}]),
        edit_of([{"start": True, "end": 2, "text": "x"}]),
        edit_of([{"start": 1, "end": 2, "text": "\ud800"}]),
        edit_of([{"start": 1, "end": 2, "text": None}]),
        b"[" * 100_000,
    ],
    ids=lambda body: f"{len(body)} bytes, {body[-60:].decode('latin-1')}",
)
def test_what_our_page_never_sends_is_refused_in_a_sentence(served: Served, body: bytes) -> None:
    got = ask(served, "/api/drafts/IMG_0412.ko.srt", method="PUT", body=body)
    assert got.status in (400, 422), got
    assert json.loads(got.body)["error"]
    assert served.draft.read_text(encoding="utf-8") == DRAFT


def test_a_huge_body_is_not_taken(served: Served) -> None:
    host, port = served.origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as raw:
        raw.sendall(
            (
                f"PUT /api/drafts/IMG_0412.ko.srt HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {served.origin}\r\n"
                f"Cookie: reels-{port}={served.token}\r\nTransfer-Encoding: chunked\r\n\r\n"
            ).encode()
        )
        part = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
        try:
            for _ in range(64):
                raw.sendall(part)
        except OSError:
            pass  # it has hung up, which is an answer
    assert is_alive(served)
    assert served.draft.read_text(encoding="utf-8") == DRAFT


def test_a_thousand_questions_at_once_are_all_answered(served: Served) -> None:
    paths = ("/api/campaign", "/api/reels/hello", "/page/main.js", "/api/reels/hello/frames/3")
    with ThreadPoolExecutor(max_workers=100) as pool:
        answers = list(
            pool.map(
                lambda number: ask(served, paths[number % 4] if number % 10 == 0 else paths[2]), range(1000)
            )
        )
    assert {answer.status for answer in answers} <= {200, 202}
    assert is_alive(served)


def test_half_a_question_holds_nobody_up(served: Served) -> None:
    host, port = served.origin.removeprefix("http://").split(":")
    hanging = [socket.create_connection((host, int(port)), timeout=30) for _ in range(50)]
    for one in hanging:
        one.sendall(b"GET / HTTP/1.1\r\nHost: ")
    assert is_alive(served)
    for one in hanging:
        one.close()


SCRIPTS = "<img src=x onerror=\"document.title='attacked'\">"


def test_a_script_in_a_cue_a_name_or_a_title_is_text(tmp_path: Path, opened: Opened) -> None:
    campaign = f"""\
campaign: '{SCRIPTS.replace("'", "''")}'
platforms: [instagram-reels]
framing: centre
reels:
  - id: hello
    title: '<script>x'
    clips: [{{footage: IMG_0412.mp4}}]
"""
    root = make_campaign(tmp_path / "<b>campaign", campaign, DRAFT.replace("안녕하세요", SCRIPTS))
    with serving(root, tmp_path / "home") as served:
        page = opened(served)
        expect(page.locator(".row textarea").first).to_have_value(f"{SCRIPTS}, 전주시청입니다")
        page.locator(".row textarea").nth(1).fill("</textarea><script>document.title='attacked'</script>")
        page.wait_for_timeout(800)
        assert page.locator("img[src=x]").count() == 0
        assert page.title() != "attacked"
        assert served.complaints == []
        page.goto(f"{served.origin}/#/")
        expect(page.locator("h1")).to_have_text(SCRIPTS)
        assert page.title() == SCRIPTS


def test_a_link_out_of_the_campaign_is_not_followed_by_a_draft(alone: Served, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine", encoding="utf-8")
    alone.draft.unlink()
    alone.draft.symlink_to(outside)
    edit = edit_of([{"start": 0, "end": 900, "text": "x"}])
    ask(alone, "/api/drafts/IMG_0412.ko.srt", method="PUT", body=edit)
    assert outside.read_text(encoding="utf-8") == "mine"


def test_the_page_asks_nobody_else(served: Served, opened: Opened) -> None:
    page = opened(served, "")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served.origin}/#/hello")
    page.wait_for_selector(".row")
    page.wait_for_timeout(1500)
    assert asked
    assert all(url.startswith(f"{served.origin}/") for url in asked), asked
