"""The command line: one file per command, one handler for errors, the only rooms that print.

Stdout belongs to the product (paths, tables, JSON); progress, log lines and messages go to stderr.
"""

from __future__ import annotations

import gc

# What loads now is there to stay. Looking through it for garbage again and again takes a tenth of a short command.
_was_enabled = gc.isenabled()
gc.disable()
try:
    from reels.cli.entry import main
finally:
    if _was_enabled:
        gc.enable()
gc.freeze()

__all__ = ["main"]
