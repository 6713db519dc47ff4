"""`reels make`: one reel from footage files, no campaign needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reels.campaign.brand import DEFAULT_BRAND, load_brand
from reels.campaign.model import FRAMINGS, Framing, Person, SubtitleOptions
from reels.campaign.problems import nearest
from reels.campaign.single import single_reel
from reels.campaign.template import load_template
from reels.cli.outcome import show_outcome
from reels.cli.progress import shown_run
from reels.deliver import safe_name
from reels.errors import UsageError
from reels.platforms import load_platform
from reels.render import render_campaign
from reels.timing import TimecodeUnreadable, parse_clock

__all__ = ["make"]


def make(
    footage: Annotated[list[Path], typer.Argument(help="Video files, in the order in which they play.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the finished reels.")] = Path(
        "reels-out"
    ),
    platform: Annotated[
        list[str] | None,
        typer.Option("--platform", "-p", help="Platform; may be given again. `reels platforms` lists."),
    ] = None,
    template: Annotated[
        str, typer.Option("--template", help="Template name or folder. `reels templates` lists.")
    ] = "",
    brand: Annotated[
        Path | None, typer.Option("--brand", help="brand.yaml, or a folder that holds one.")
    ] = None,
    in_point: Annotated[
        str | None, typer.Option("--in", help="Start in the first file: 4.2, 00:04.2 or 120f.")
    ] = None,
    out_point: Annotated[str | None, typer.Option("--out", help="End in the last file.")] = None,
    model: Annotated[
        str, typer.Option("--model", help="Speech model: a name or a folder. `reels models` lists.")
    ] = "large-v3-turbo",
    engine: Annotated[
        str, typer.Option("--engine", help="faster-whisper or openai-whisper.")
    ] = "faster-whisper",
    language: Annotated[str, typer.Option("--language", help="Language spoken: ko, en, …")] = "ko",
    title: Annotated[str | None, typer.Option("--title", help="Title at the start and on the cover.")] = None,
    name: Annotated[list[str] | None, typer.Option("--name", help="Who speaks; may be given again.")] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", help="The speaker's role, one for each --name.")
    ] = None,
    framing: Annotated[str, typer.Option("--framing", help="centre or fit.")] = "centre",
    subtitles: Annotated[
        Path | None, typer.Option("--subtitles", help="Finished subtitles (SRT or VTT) of the first file.")
    ] = None,
    caption: Annotated[str, typer.Option("--caption", help="Text that goes with the post.")] = "",
    hashtag: Annotated[list[str] | None, typer.Option("--hashtag", help="May be given again.")] = None,
    reel_id: Annotated[str | None, typer.Option("--id", help="Name of the reel and its folder.")] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Steps at once; default: the cores.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make everything again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Make one upload-ready reel from one or more video files."""
    campaign = single_reel(
        footage,
        reel_id=safe_name(reel_id or title or footage[0].stem),
        output=output,
        platforms=[load_platform(word) for word in platform or ["instagram-reels", "youtube-shorts"]],
        template=load_template(template or ("interview" if title or name else "plain")),
        brand=load_brand(brand) if brand else DEFAULT_BRAND,
        subtitles=_subtitle_options(model, engine, language),
        title=title,
        people=_people(name or [], role or []),
        framing=_framing(framing),
        in_point=_point("--in", in_point),
        out_point=_point("--out", out_point),
        draft=_existing("--subtitles", subtitles),
        caption=caption,
        hashtags=[tag.removeprefix("#") for tag in hashtag or []],
    )
    with shown_run() as show:
        report = render_campaign(campaign, show=show, jobs=jobs, force=force)
    show_outcome(report, as_json=as_json)


def _people(names: list[str], roles: list[str]) -> tuple[Person, ...]:
    if len(roles) > len(names):
        raise UsageError(
            where="--role",
            found=f"{len(roles)} roles for {len(names)} names",
            expected="at most one --role for each --name",
            remedy="give a --name before each --role",
        )
    padded = [*roles, *[""] * (len(names) - len(roles))]
    return tuple(Person(name=who, role=what) for who, what in zip(names, padded, strict=True))


def _framing(word: str) -> Framing:
    for framing in FRAMINGS:
        if word == framing:
            return framing
    guess = nearest(word, FRAMINGS)
    raise UsageError(
        where="--framing",
        found=word,
        expected=" or ".join(FRAMINGS),
        remedy=f"perhaps you meant {guess}" if guess else "leave it out for centre",
    )


def _subtitle_options(model: str, engine: str, language: str) -> SubtitleOptions:
    if engine == "faster-whisper":
        return SubtitleOptions(model=model, engine="faster-whisper", language=language)
    if engine == "openai-whisper":
        return SubtitleOptions(model=model, engine="openai-whisper", language=language)
    raise UsageError(
        where="--engine",
        found=engine,
        expected="faster-whisper or openai-whisper",
        remedy="leave it out for faster-whisper",
    )


def _point(option: str, text: str | None) -> str | None:
    if text is not None:
        try:
            # The footage's own rate, in which frames count, is known to the planner only.
            parse_clock(text, rate=parse_clock("1"))
        except TimecodeUnreadable:
            raise UsageError(
                where=option,
                found=text,
                expected="a time such as 4.2, 01:04.2, 1:02:03.5 or 120f",
                remedy="write it like one of these",
            ) from None
    return text


def _existing(option: str, path: Path | None) -> Path | None:
    if path is not None and not path.is_file():
        raise UsageError(
            where=option,
            found=f"{path}, which is not there",
            expected="a subtitle file",
            remedy="check the name",
        )
    return path
