"""The connection to a Dask scheduler: made, and its errors in our words. The only module that imports `distributed`."""

from __future__ import annotations

import logging
import warnings
from typing import Any, Final

from reels.errors import ClusterUnreachable, ToolMissing, UsageError
from reels.said import Said

__all__ = ["connected", "first_line", "no_answer"]

_CONNECT_S: Final = 10
_TALKATIVE: Final = ("distributed", "tornado", "asyncio")


def connected(address: str) -> Any:
    """A client of the scheduler there. Raises: ToolMissing, UsageError, ClusterUnreachable."""
    try:
        import distributed
    except ImportError:
        raise ToolMissing(
            tool="distributed",
            found=Said("it is not installed", ko="설치되어 있지 않음"),
            remedy=Said(
                "run `pip install 'reels[cluster]'`", ko="`pip install 'reels[cluster]'`를 실행하세요."
            ),
        ) from None
    # What it has to say of lost workers and connections, we say. Its settings give levels to single loggers, and what
    # carries it tells of broken connections with tracebacks.
    for name in (*_TALKATIVE, *logging.root.manager.loggerDict):
        if name.partition(".")[0] in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL)
    kind: Any = distributed.Client
    client: Any = kind.__new__(kind)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            client.__init__(address, timeout=_CONNECT_S, set_as_default=False)
    except Exception as error:
        # Else it would try for 20 s, when it is thrown away, to close what it never opened, and fail with a traceback.
        client.status = "closed"
        if not isinstance(error, ValueError):
            raise ClusterUnreachable(address=address, found=no_answer(error)) from error
        raise UsageError(
            where="--scheduler",
            found=address or Said("nothing", ko="빈 값"),
            expected=Said("an address such as tcp://HOST:8786", ko="tcp://호스트:8786 같은 주소"),
            remedy=Said(
                "give the address that `dask scheduler` prints",
                ko="`dask scheduler`가 화면에 적어 주는 주소를 넣으세요.",
            ),
        ) from error
    return client


def no_answer(error: BaseException) -> str:
    """Why nobody answered, in our words where it is only that."""
    if isinstance(error, OSError | TimeoutError):
        return Said(f"no answer for {_CONNECT_S} s", ko=f"{_CONNECT_S}초 동안 답이 없음")
    return first_line(error)


def first_line(error: BaseException) -> str:
    """What an error of Dask's says, short."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
