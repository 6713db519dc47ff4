"""What is said of a model that is not here or does not work, by either engine.

Words only. The adapters come after.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from reels.errors import ModelMissing
from reels.said import Said, perhaps

__all__ = ["COPY_AGAIN", "first_line", "unknown_model"]

COPY_AGAIN = Said("copy the whole model folder again", ko="모델 폴더를 통째로 다시 복사하세요.")


def unknown_model(name: str, names: Sequence[str]) -> ModelMissing:
    """`name` is neither a model nor a file; `names` are those that it might have been meant to be."""
    listed = ", ".join(names)
    guess = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.5)
    lists_them = Said(
        "`reels models` lists what there is, `reels models fetch NAME` downloads one",
        ko="`reels models`로 보고 `reels models fetch 이름`으로 내려받을 수 있습니다.",
    )
    return ModelMissing(
        model=f"'{name}'",
        found=Said(f"no folder and no known model ({listed})", ko=f"폴더도, 아는 모델({listed})도 아님"),
        remedy=perhaps(guess[0]) if guess else lists_them,
    )


def first_line(why: Exception) -> str:
    """What another package says went wrong, short enough for a sentence."""
    return (str(why).strip().splitlines() or [type(why).__name__])[0][:200]
