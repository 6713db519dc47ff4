"""The command line: one file per command, one handler for errors, the only rooms that print.

Stdout belongs to the product (paths, tables, JSON); progress, log lines and messages go to stderr.
"""

from __future__ import annotations

from reels.cli.entry import main

__all__ = ["main"]
