"""Who may ask the page's server: every question that does not come from our own page, with the token, gets nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from reels.preview.guard import LARGEST_BODY_BYTES, Guard

PORT = 43210
TOKEN = "s3cret-of-this-run"
HOST = ("host", f"127.0.0.1:{PORT}")
COOKIE = ("cookie", f"reels-{PORT}={TOKEN}")
ORIGIN = ("origin", f"http://127.0.0.1:{PORT}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Behind the guard: says how much it was sent."""
    try:
        body = await Request(scope, receive).body()
    except ClientDisconnect:
        body = b"gone"
    await PlainTextResponse(f"inside {len(body)}")(scope, receive, send)


def asked(
    *headers: tuple[str, str],
    method: str = "GET",
    path: str = "/",
    query: str = "",
    body: Sequence[bytes] = (b"",),
    kind: str = "http",
) -> Answer:
    scope: Scope = {
        "type": kind,
        "method": method,
        "path": path,
        "query_string": query.encode("latin-1"),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }
    parts = [
        {"type": "http.request", "body": part, "more_body": number + 1 < len(body)}
        for number, part in enumerate(body)
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Guard(app, token=TOKEN, port=lambda: PORT)(scope, receive, send))
    if kind != "http":
        return Answer(status=sent[0]["code"], headers={}, body=b"")
    said = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(status=sent[0]["status"], headers=said, body=b"".join(m.get("body", b"") for m in sent[1:]))


def test_our_own_page_is_answered() -> None:
    assert asked(HOST, COOKIE).body == b"inside 0"
    assert asked(HOST, COOKIE, ORIGIN, method="PUT", body=(b"12", b"345")).body == b"inside 5"
    localhost = (("host", f"localhost:{PORT}"), COOKIE, ("origin", f"http://localhost:{PORT}"))
    assert asked(*localhost, method="POST").body == b"inside 0"


def test_the_printed_address_gives_the_cookie_and_leaves_the_address_bar() -> None:
    came = asked(HOST, query=f"token={TOKEN}")
    assert (came.status, came.headers["location"]) == (303, "/")
    cookie = came.headers["set-cookie"]
    assert cookie.startswith(f"reels-{PORT}={TOKEN};")
    assert "httponly" in cookie.lower()
    assert "samesite=strict" in cookie.lower()


@pytest.mark.parametrize(
    ("why", "headers", "more"),
    [
        ("no cookie", (HOST,), {}),
        ("another token", (HOST, ("cookie", f"reels-{PORT}=guess")), {}),
        ("a token with more behind it", (HOST, ("cookie", f"reels-{PORT}={TOKEN}x")), {}),
        ("an empty token", (HOST, ("cookie", f"reels-{PORT}=")), {}),
        ("the cookie of another server", (HOST, ("cookie", f"reels-{PORT + 1}={TOKEN}")), {}),
        ("a broken cookie", (HOST, ("cookie", f"=;;\x01 reels-{PORT}")), {}),
        ("a wrong token in the address", (HOST,), {"query": "token=guess"}),
        ("the token on another path", (HOST,), {"query": f"token={TOKEN}", "path": "/api/campaign"}),
        ("the token in a POST", (HOST, ORIGIN), {"query": f"token={TOKEN}", "method": "POST"}),
        ("many fields", (HOST,), {"query": "&".join("a=b" for _ in range(5000)) + f"&token={TOKEN}"}),
        ("no letters", (HOST,), {"query": "token=\xff\xfe"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_without_the_token_nothing_is_answered(
    why: str, headers: tuple[tuple[str, str], ...], more: dict[str, str]
) -> None:
    del why
    refused = asked(*headers, **more)  # type: ignore[arg-type]
    assert refused.status == 403
    assert b"inside" not in refused.body
    assert "set-cookie" not in refused.headers


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        f"127.0.0.1:{PORT + 1}",
        f"127.0.0.1.evil.example:{PORT}",
        f"2130706433:{PORT}",
        "",
    ],
)
def test_a_name_that_somebody_pointed_at_this_computer_is_not_ours(host: str) -> None:
    assert asked(("host", host), COOKIE).status == 421
    assert asked(("host", host), query=f"token={TOKEN}").status == 421


def test_two_hosts_or_none_are_refused() -> None:
    assert asked(HOST, ("host", "evil.example"), COOKIE).status == 421
    assert asked(COOKIE).status == 421


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://evil.example",
        f"https://127.0.0.1:{PORT}",
        f"http://127.0.0.1:{PORT + 1}",
        f"http://localhost:{PORT}",
        f"http://127.0.0.1:{PORT}.evil.example",
    ],
)
def test_nothing_is_changed_for_another_page(method: str, origin: str | None) -> None:
    headers = [HOST, COOKIE, *([("origin", origin)] if origin is not None else [])]
    refused = asked(*headers, method=method, path="/api/drafts/a.ko.srt")
    assert refused.status == 403
    assert b"inside" not in refused.body


def test_another_page_reads_nothing_either() -> None:
    assert asked(HOST, COOKIE, ("sec-fetch-site", "cross-site")).status == 403
    assert asked(HOST, COOKIE, ("sec-fetch-site", "same-origin")).status == 200


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "PATCH", "FOO"])
def test_methods_that_nobody_needs_are_refused(method: str) -> None:
    assert asked(HOST, COOKIE, ORIGIN, method=method).status == 405


@pytest.mark.parametrize("length", [str(LARGEST_BODY_BYTES + 1), "9" * 400, "-1", "1e3", "١٢"])
def test_a_body_that_says_it_is_too_large_is_not_read(length: str) -> None:
    said = length.encode("utf-8").decode("latin-1")
    assert asked(HOST, COOKIE, ORIGIN, ("content-length", said), method="PUT").status == 413


def test_a_body_that_does_not_say_so_is_given_up() -> None:
    part = b"x" * (LARGEST_BODY_BYTES // 2)
    assert asked(HOST, COOKIE, ORIGIN, method="PUT", body=(part, part, part)).body == b"inside 4"


def test_a_websocket_is_closed_at_once() -> None:
    assert asked(HOST, COOKIE, ORIGIN, kind="websocket").status == 1008


@pytest.mark.parametrize("headers", [(HOST, COOKIE), (HOST,), ()], ids=["answered", "refused", "not ours"])
def test_every_answer_forbids_the_browser_what_the_page_does_not_need(
    headers: tuple[tuple[str, str], ...],
) -> None:
    said = asked(*headers).headers
    policy = said["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert "frame-ancestors 'none'" in policy
    assert said["x-content-type-options"] == "nosniff"
    assert said["referrer-policy"] == "no-referrer"
    assert said["cross-origin-resource-policy"] == "same-origin"
    assert said["cache-control"] == "no-store"
