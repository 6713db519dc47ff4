"""`reels cache`: what lies in a campaign's store, what of it is still needed, and keeping it small and sound."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from reels.campaign.load import load_campaign
from reels.cli.cached import pruned_json, show_pruned, show_store, show_verified, store_json, verified_json
from reels.cli.choices import WAIT_HELP
from reels.cli.console import language, messages, print_json, tell, tell_waiting
from reels.errors import CheckFailed, DiskFailed, ReelsError, UsageError, one_of
from reels.footage import existing_file, existing_folder
from reels.render import plan_campaign
from reels.said import Said, in_language, said_by_system
from reels.store import (
    Needed,
    Pruning,
    Store,
    Verification,
    prune,
    set_aside,
    take_inventory,
    to_prune,
    verify,
)

__all__ = ["cache"]

_STORE = ".reels"
_CAMPAIGN = "campaign.yaml"
_OF_A_CAMPAIGN = re.compile(r"^\ufeff?(campaign|reels)\s*:", re.MULTILINE)
_AGE = re.compile(r"(\d{1,6})([hdw])")
_SECONDS = {"h": 3600, "d": 86_400, "w": 604_800}
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([kmgt])(i?)b?|(0)", re.IGNORECASE)
_POWER = {"k": 1, "m": 2, "g": 3, "t": 4}


def cache(
    campaign: Annotated[
        Path, typer.Argument(help="Campaign folder, its campaign.yaml, or the output folder of `reels make`.")
    ],
    verified: Annotated[
        bool, typer.Option("--verify", help="Read every byte; what is damaged is removed and made again.")
    ] = False,
    pruned: Annotated[
        bool, typer.Option("--prune", help="Remove what is not needed any more, or by age and size.")
    ] = False,
    older_than: Annotated[
        str | None,
        typer.Option("--older-than", help="With --prune: whatever was made longer ago; 12h, 30d, 8w."),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option("--keep", help="With --prune: down to this size, the dearest last; 500MB, 20GB."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --prune or --verify: only tell, remove nothing.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help=WAIT_HELP)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Show what lies in .reels, verify it, prune it; what is removed can be made again, and drafts stay."""
    older_than_s = None if older_than is None else _seconds(older_than)
    keep_bytes = None if keep is None else _bytes(keep)
    _require_together(
        pruned=pruned, verified=verified, limits=older_than is not None or keep is not None, dry_run=dry_run
    )
    store = Store(_store_of(campaign))
    store.require_known_version()

    def needed() -> Needed:
        return _needed(store.root.parent, tell_why=True)

    troubles: list[ReelsError] = []
    told: dict[str, Any] = {"verified": None, "pruned": None}
    if verified:
        found = take_inventory(store.root, now_s=time.time())
        with _shown_progress() as on_progress:
            seen = verify(store, found, on_progress=on_progress)
        told["verified"] = verified_json(seen)
        if not as_json:
            show_verified(seen)
        troubles += _aside(store, seen, dry_run=dry_run, wait=wait)
    if pruned:
        if dry_run:
            now_s = time.time()
            wanted = needed()
            stored = take_inventory(store.root, needed=wanted.results, steps=wanted.steps, now_s=now_s)
            going = to_prune(stored, now_s=now_s, older_than_s=older_than_s, keep_bytes=keep_bytes)
            gone = Pruning(pruned=going)
        else:
            gone = prune(
                store,
                older_than_s=older_than_s,
                keep_bytes=keep_bytes,
                needed=needed,
                wait=wait,
                on_wait=tell_waiting,
            )
        told["pruned"] = pruned_json(gone, dry_run=dry_run)
        troubles += gone.failed
        if gone.caution is not None:
            tell(in_language(gone.caution, language()))
        if not as_json:
            show_pruned(gone, dry_run=dry_run)
    if as_json or not (verified or pruned):
        as_it_stands = _needed(store.root.parent, tell_why=False)
        stored = take_inventory(
            store.root, needed=as_it_stands.results, steps=as_it_stands.steps, now_s=time.time()
        )
        free_bytes = _free_bytes(store.root)
        if as_json:
            print_json({"ok": not troubles, **store_json(store.root, stored, free_bytes=free_bytes), **told})
        else:
            show_store(campaign, stored, free_bytes=free_bytes)
    if troubles:
        raise one_of(troubles)


# --- what is asked for ---------------------------------------------------------------------------------------


def _store_of(campaign: Path) -> Path:
    """The store's folder; the campaign's file may be broken. Raises: UsageError where nothing has been made yet."""
    folder = existing_folder(campaign)
    file = existing_file(campaign)
    if folder is None and file is not None:
        folder = file.parent
    if folder is None:
        raise UsageError(
            where="CAMPAIGN",
            found=Said(f"{campaign}, which is not there", ko=f"없는 폴더 {campaign}"),
            expected=Said("a campaign folder", ko="캠페인 폴더"),
            remedy=Said("check the name", ko="이름을 확인해 주세요."),
        )
    for store in (folder / _STORE, folder):
        if store.name == _STORE and (store / "results").is_dir():
            return store
    raise UsageError(
        where="CAMPAIGN",
        found=Said(
            f"{folder}, in which nothing has been made yet", ko=f"아직 아무것도 만들지 않은 폴더 {folder}"
        ),
        expected=Said(f"a folder with {_STORE} in it", ko=f"{_STORE}가 들어 있는 폴더"),
        remedy=Said(
            "give the campaign folder, or the folder that `reels make -o` wrote to",
            ko="캠페인 폴더나 `reels make -o`로 만든 폴더를 지정해 주세요.",
        ),
    )


def _require_together(*, pruned: bool, verified: bool, limits: bool, dry_run: bool) -> None:
    """Raises: UsageError for options that mean nothing by themselves."""
    if limits and not pruned:
        raise UsageError(
            where="--older-than, --keep",
            found=Said("no --prune", ko="--prune이 없음"),
            expected=Said("--prune beside it", ko="--prune과 함께 쓰기"),
            remedy=Said("add --prune", ko="--prune을 붙여 주세요."),
        )
    if dry_run and not (pruned or verified):
        raise UsageError(
            where="--dry-run",
            found=Said("nothing to try", ko="시험할 것이 없음"),
            expected=Said("--prune or --verify beside it", ko="--prune이나 --verify와 함께 쓰기"),
            remedy=Said("add --prune", ko="--prune을 붙여 주세요."),
        )


def _seconds(text: str) -> float:
    read = _AGE.fullmatch(text.strip().lower())
    if read is None:
        raise UsageError(
            where="--older-than",
            found=text,
            expected=Said("a number and h, d or w", ko="수와 h(시간), d(일), w(주)"),
            remedy=Said("write 30d for thirty days", ko="30일이면 30d라고 적어 주세요."),
        )
    return float(int(read[1]) * _SECONDS[read[2]])


def _bytes(text: str) -> int:
    read = _SIZE.fullmatch(text.strip())
    if read is None:
        raise UsageError(
            where="--keep",
            found=text,
            expected=Said("a size such as 500MB or 20GB", ko="500MB, 20GB 같은 크기"),
            remedy=Said("write a number and its unit", ko="수와 단위를 적어 주세요."),
        )
    if read[4]:
        return 0
    return int(float(read[1]) * (1024 if read[3] else 1000) ** _POWER[read[2].lower()])


def _needed(folder: Path, *, tell_why: bool) -> Needed:
    """What the campaign as it stands would use; nothing is known where there is no campaign that can be planned.

    The journal alone does not know that two reels share a result, that a change was taken back, or that a reel is gone.
    """
    if existing_file(_CAMPAIGN, beside=folder) is None:
        return Needed()
    try:
        plan = plan_campaign(load_campaign(folder))
    except ReelsError as error:
        if tell_why:
            why = error.sentence(language()).partition("\n")[0]
            said = Said(
                f"the campaign cannot be planned ({why}); what is needed is told by what was made last",
                ko=f"캠페인을 계획할 수 없어({why}) 마지막으로 만든 것만 쓰는 것으로 봅니다",
            )
            tell(in_language(said, language()))
        return Needed()
    results = {made for step in plan.steps for made in (*step.needs, step.fingerprint) if made is not None}
    known = not plan.failures and all(step.fingerprint is not None for step in plan.steps)
    steps = {step.id for step in plan.steps} if known and not _has_another_campaign(folder) else None
    return Needed(results=results, steps=steps)


def _has_another_campaign(folder: Path) -> bool:
    """Whether a second campaign file lies in `folder`, as one may be rendered by its name: it has steps of its own."""
    try:
        others = [path for path in folder.iterdir() if path.suffix.lower() in (".yaml", ".yml")]
        return any(
            _OF_A_CAMPAIGN.search(path.read_text(encoding="utf-8", errors="replace"))
            for path in others
            if path.name != _CAMPAIGN
        )
    except OSError:
        return True


@contextmanager
def _shown_progress() -> Iterator[Callable[[int, int], None]]:
    """A function that shows bytes done of all bytes; on a terminal only."""
    console = messages()
    if not console.is_terminal:
        yield lambda _done, _all: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task("verify" if language() == "en" else "확인", total=None)
        yield lambda done, all_: bars.update(task, completed=done, total=all_)


def _aside(store: Store, seen: Verification, *, dry_run: bool, wait: bool) -> list[ReelsError]:
    """Remove what is damaged, as far as we may; the errors to end with."""
    if not seen.damaged:
        return []
    did = Said(
        "are damaged; they were removed and the next run makes them again",
        ko="손상되어 지웠습니다. 다음에 실행할 때 다시 만듭니다",
    )
    if dry_run:
        did = Said("are damaged", ko="손상되었습니다")
    errors: list[ReelsError] = []
    if not dry_run:
        try:
            set_aside(store, seen.damaged, wait=wait, on_wait=tell_waiting)
        except ReelsError as error:
            errors.append(error)
            did = Said("are damaged and still there", ko="손상된 채로 남아 있습니다")
    failed = CheckFailed(failed=len(seen.damaged), of=seen.results, what=Said("results", ko="결과"), did=did)
    return [failed, *errors]


def _free_bytes(root: Path) -> int:
    """Raises: DiskFailed."""
    try:
        return shutil.disk_usage(root).free
    except OSError as error:
        raise DiskFailed(path=str(root), found=said_by_system(error)) from None
