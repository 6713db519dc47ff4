"""How built things appear in the user's cache (`reels.resources.cache_dir`): whole, or not at all.

Knows folders only. Everything in the cache can be deleted at any time; it is made again when needed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from reels.errors import OutputNotWritable
from reels.resources import cache_dir
from reels.said import Said, said_by_system

__all__ = ["cache_dir", "settled_folder"]


def settled_folder(folder: Path, *, build: Callable[[Path], None], is_good: Callable[[Path], bool]) -> Path:
    """`folder`, built if it is not there or not good.

    `build` fills a folder of its own beside it, which then takes the place in one rename: nobody ever sees a
    half-built one, and of two processes that build at once the first one's result stays.

    Raises: OutputNotWritable.
    """
    if is_good(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as why:
        raise _not_writable(folder, why) from None
    try:
        build(fresh)
        while True:
            try:
                fresh.rename(folder)
            except OSError as why:
                if is_good(folder):  # another process was faster
                    break
                if not folder.exists():
                    raise _not_writable(folder, why) from None
                # Something broken holds the name: out of the way with it, in one rename as well.
                broken = Path(tempfile.mkdtemp(prefix=f".{folder.name}.broken.", dir=folder.parent))
                try:
                    folder.rename(broken / folder.name)
                except FileNotFoundError:
                    pass
                finally:
                    shutil.rmtree(broken, ignore_errors=True)
            else:
                break
    except OSError as why:
        raise _not_writable(folder, why) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _not_writable(folder: Path, why: OSError) -> OutputNotWritable:
    return OutputNotWritable(
        where=str(folder.parent),
        found=said_by_system(why, str(why)),
        remedy=Said(
            "set REELS_CACHE to a folder that can be written to",
            ko="REELS_CACHE에 쓸 수 있는 폴더를 지정해 주세요.",
        ),
    )
