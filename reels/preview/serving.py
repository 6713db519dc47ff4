"""The page served on loopback for as long as somebody looks at it."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Final

import uvicorn

from reels.preview.desk import Desk
from reels.preview.guard import Guard
from reels.preview.server import application
from reels.resources import assets_dir

__all__ = ["serve"]

_LOOPBACK: Final = "127.0.0.1"
_LEAVE_AFTER_S: Final = 1


def serve(desk: Desk, *, on_ready: Callable[[str], None], port: int = 0) -> None:
    """Serve the page of `desk` until the process is interrupted; `on_ready` is told the address once it can be opened.

    `port` 0 is any that is free. Only whoever has the address, with its token, gets anything.

    Raises: OSError where the port is taken.
    """
    token = secrets.token_urlsafe(24)
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as listening:
        if os.name != "nt":  # where it would let two listen at once
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((_LOOPBACK, port))
        taken = listening.getsockname()[1]
        ending = threading.Event()
        guarded = Guard(
            application(desk, assets_dir() / "editor", is_ending=ending.is_set),
            token=token,
            port=lambda: taken,
        )
        # What a browser breaks off is no matter for a person's screen; faults of ours come out as answers.
        logging.getLogger("uvicorn.error").addHandler(logging.NullHandler())
        logging.getLogger("uvicorn.error").propagate = False
        config = uvicorn.Config(
            guarded,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_LEAVE_AFTER_S,
        )
        server = _Server(config, lambda: on_ready(f"http://{_LOOPBACK}:{taken}/?token={token}"), ending)
        try:
            server.run(sockets=[listening])
        finally:
            desk.jobs.stop()


class _Server(uvicorn.Server):
    """Says when it answers, and when it is about to end."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], ending: threading.Event) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending.set()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()
