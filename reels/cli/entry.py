"""`main`: run the app, turn every outcome into one sentence on stderr and an exit code."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from typing import NoReturn

import typer

from reels.cli.app import app
from reels.cli.console import language, tell, verbose
from reels.cli.usage import usage_sentence
from reels.errors import CheckFailed, ChildFailed, Interrupted, ReelsError
from reels.tools.ffmpeg import stop_all_children

__all__ = ["main"]

# Typer carries a click of its own, whose base class of all usage errors has no public name.
_ClickException = next(cls for cls in typer.BadParameter.__mro__ if cls.__name__ == "ClickException")


def main() -> NoReturn:
    """Console entry point. A traceback is shown only with --verbose."""
    for stream in (sys.stdout, sys.stderr):
        # A pipe of a Korean Windows console may be CP949; a name it cannot spell must not end the program.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):
        # Being ended from outside is an interruption like Ctrl-C: children stop, nothing is left half-written.
        # Whoever started us under nohup wants no such thing.
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    try:
        status = app(standalone_mode=False)
        if status == Interrupted.exit_code:
            # Newer Typer catches Ctrl-C itself and hands back this number; older ones raise Abort.
            raise KeyboardInterrupt
        code = status if isinstance(status, int) else 0
    except ReelsError as error:
        code = _say(error)
    except typer.Exit as leave:
        code = leave.exit_code
    except (typer.Abort, KeyboardInterrupt):
        stop_all_children()
        code = _say(Interrupted())
        if threading.active_count() > 1:
            # An engine that is listening hears nothing else for a while; nobody shall wait for it.
            sys.stdout.flush()
            os._exit(code)
    except BrokenPipeError:
        code = 0
    except Exception as error:  # noqa: BLE001 - the last net: no traceback reaches a user
        if isinstance(error, _ClickException):
            raise SystemExit(_say_usage(error)) from None
        if verbose():
            traceback.print_exc()
        tell(
            f"reels: an error of reels itself ({type(error).__name__}: {error}); "
            "run again with --verbose and report what it prints"
        )
        code = 70
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough; the interpreter's own last flush must not fail on it once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(code)


def _say_usage(error: Exception) -> int:
    """What Typer refused, in one line; without any argument the help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stdout.write(f"{error}\n")
        return 0
    tell(f"reels: {usage_sentence(error, language())}")
    return 2


def _say(error: ReelsError) -> int:
    if verbose():
        traceback.print_exception(error)
        if isinstance(error, ChildFailed):
            tell(f"argv: {error.argv}")
            tell(f"graph: {error.graph}")
    prefix = "" if isinstance(error, CheckFailed) else "reels: "
    for line in error.sentence(language()).splitlines() or [""]:
        tell(f"{prefix}{line}")
    return error.status()
