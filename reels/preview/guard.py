"""Who may ask: only the browser that came with the token, of pages that this server gave it.

The server listens on loopback, where every program of this computer and every page in its browser can reach it. So each
question must carry the cookie that only the printed address gives, be addressed to this very server (a name that
somebody has pointed at 127.0.0.1 is not), and change nothing unless it comes from our own page.

Source: Fetch standard on Origin; RFC 6265bis on SameSite; OWASP on DNS rebinding and cross-site request forgery.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["LARGEST_BODY_BYTES", "Guard"]

LARGEST_BODY_BYTES: Final = 16 * 1024 * 1024
"""A draft of ten thousand cues is a tenth of it."""

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' blob:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_READS: Final = frozenset({"GET", "HEAD"})
_LONGEST_PATH: Final = 2000
"""Our own are some hundred characters; numbers in it are read as numbers."""

_NOT_HERE: Final = (
    "이 주소로는 열 수 없습니다. `reels preview`가 알려 준 주소를 그대로 여세요.\n"
    "Nothing can be opened at this address. Open the one that `reels preview` has printed.\n"
)


class Guard:
    """An ASGI application before `app`, which is asked only what passes.

    `token` is the secret of this run, `port` returns where the server listens.
    """

    def __init__(self, app: ASGIApp, *, token: str, port: Callable[[], int]) -> None:
        self._app = app
        self._token = token
        self._port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # a WebSocket, which nothing of ours opens
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refused = self._refusal(scope)
        if refused is not None:
            await refused(scope, receive, send_guarded)
            return
        await self._app(scope, _limited(receive), send_guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        """What to answer instead; None where the question may pass."""
        headers = _Headers(scope["headers"])
        port = self._port()
        hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        host = headers.only("host")
        if host is None or host.lower() not in hosts:
            return PlainTextResponse(_NOT_HERE, status_code=421)
        if len(scope["path"]) > _LONGEST_PATH:
            return PlainTextResponse("", status_code=414)
        if scope["method"] not in (*_READS, "PUT", "POST", "DELETE"):
            return PlainTextResponse("", status_code=405)
        if self._came_with_token(scope):
            # Out of the address bar, where it would be seen over a shoulder and kept in the history.
            response = RedirectResponse("/", status_code=303)
            response.set_cookie(self._cookie, self._token, httponly=True, samesite="strict", path="/")
            return response
        if not self._has_cookie(headers):
            return PlainTextResponse(_NOT_HERE, status_code=403)
        if scope["method"] not in _READS and headers.only("origin") != f"http://{host.lower()}":
            return PlainTextResponse(_NOT_HERE, status_code=403)
        if headers.only("sec-fetch-site") == "cross-site":
            return PlainTextResponse(_NOT_HERE, status_code=403)
        length = headers.only("content-length")
        if length is not None and (
            not length.isascii() or not length.isdigit() or int(length[:20]) > LARGEST_BODY_BYTES
        ):
            return PlainTextResponse("", status_code=413)
        return None

    @property
    def _cookie(self) -> str:
        """Cookies know no ports: two servers on one computer must not take each other's."""
        return f"reels-{self._port()}"

    def _came_with_token(self, scope: Scope) -> bool:
        if scope["method"] not in _READS or scope["path"] != "/":
            return False
        try:
            asked = parse_qs(scope["query_string"].decode("ascii"), max_num_fields=4)
        except ValueError:
            return False
        return any(self._is_token(word) for word in asked.get("token", ()))

    def _has_cookie(self, headers: _Headers) -> bool:
        for line in headers.all("cookie"):
            try:
                jar = SimpleCookie(line)
            except CookieError:
                continue
            if self._cookie in jar and self._is_token(jar[self._cookie].value):
                return True
        return False

    def _is_token(self, word: str) -> bool:
        return hmac.compare_digest(word.encode(), self._token.encode())


class _Headers:
    """Of a question as it came: a header that stands there twice is none that can be trusted."""

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._found: dict[str, list[str]] = {}
        for name, value in raw:
            self._found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))

    def all(self, name: str) -> list[str]:
        return self._found.get(name, [])

    def only(self, name: str) -> str | None:
        found = self.all(name)
        return found[0] if len(found) == 1 else None


def _limited(receive: Receive) -> Receive:
    """`receive` that ends a body which goes on beyond what is taken, whatever it said of its length."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_BODY_BYTES:
            return {"type": "http.disconnect"}
        return message

    return limited
