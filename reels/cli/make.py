"""`reels make`: one reel from footage files, no campaign needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from reels.art.photo import measure_photo
from reels.campaign.brand import DEFAULT_BRAND, load_brand
from reels.campaign.cover_keys import cover_as_keys
from reels.campaign.keys import hashtag as hashtag_of
from reels.campaign.keys import is_empty_range, language_code, one_line, paragraphs, point
from reels.campaign.load import DEFAULT_PLATFORMS
from reels.campaign.model import FRAME_RATES, Campaign, Person, ReelSpec, SubtitleOptions
from reels.campaign.notice import is_notice
from reels.campaign.own_platforms import named_platform
from reels.campaign.single import single_reel
from reels.campaign.template import load_template
from reels.cli.choices import ENCODER_HELP, one_of
from reels.cli.console import language as language_of_messages
from reels.cli.drafted import told_drafts
from reels.cli.lint import warn_of_drafts
from reels.cli.outcome import show_outcome
from reels.cli.progress import shown_run
from reels.covering import WantedCover
from reels.deliver import Delivered, delivered_in, safe_name
from reels.encode import ENCODERS
from reels.errors import ReelsError, UsageError, printable
from reels.footage import existing_file, existing_folder, find_footage
from reels.framing import FRAMING_WORDS
from reels.recognise import ENGINES
from reels.render import Hands, render_campaign
from reels.said import Said

__all__ = ["make"]

Word = TypeVar("Word", bound=str)
Made = TypeVar("Made")

_LEAVE_IT_OUT = Said("leave it out", ko="빼 주세요.")
_NAMED = 3
"""Of the footage of a reel, in a sentence."""


def make(
    footage: Annotated[
        list[Path],
        typer.Argument(help="Video files in the order in which they play; a .txt file becomes cards."),
    ],
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
    style: Annotated[
        str, typer.Option("--style", help="Subtitle style. `reels templates` lists; default: the template's.")
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
    language: Annotated[str, typer.Option("--language", help="Language of the subtitles: ko, en, …")] = "ko",
    title: Annotated[str | None, typer.Option("--title", help="Title at the start and on the cover.")] = None,
    name: Annotated[list[str] | None, typer.Option("--name", help="Who speaks; may be given again.")] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", help="The speaker's role, one for each --name.")
    ] = None,
    framing: Annotated[
        str, typer.Option("--framing", help="auto, follow, split, centre or fit. docs/framing.md.")
    ] = "auto",
    frame_rate: Annotated[
        str, typer.Option("--frame-rate", help="usual: at most 30 frames/s; full: up to 60.")
    ] = "usual",
    subtitles: Annotated[
        Path | None,
        typer.Option("--subtitles", help="Finished words of the first file: SRT, VTT, Whisper JSON."),
    ] = None,
    cover: Annotated[
        str, typer.Option("--cover", help="auto, a time of the reel such as 4.2, or a picture file.")
    ] = "auto",
    voice: Annotated[
        Path | None, typer.Option("--voice", help="A recorded voice for a reel of cards alone.")
    ] = None,
    ai: Annotated[bool, typer.Option("--ai", help="Show the label for what an AI has made.")] = False,
    caption: Annotated[str, typer.Option("--caption", help="Text that goes with the post.")] = "",
    hashtag: Annotated[list[str] | None, typer.Option("--hashtag", help="May be given again.")] = None,
    reel_id: Annotated[str | None, typer.Option("--id", help="Name of the reel and its folder.")] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Steps at once; default: the cores.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make everything again.")] = False,
    encoder: Annotated[str, typer.Option("--encoder", help=ENCODER_HELP)] = "x264",
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Make one upload-ready reel from one or more video files."""
    title = _checked("--title", title or "", one_line)
    chip = one_of("--encoder", encoder, ENCODERS)
    films = [path for path in footage if not is_notice(path)]
    if not films:
        _require_no_footage_named(
            {
                "--in": in_point,
                "--out": out_point,
                "--subtitles": subtitles,
                "--name": name,
                "--role": role,
            }
        )
    campaign = single_reel(
        footage,
        reel_id=safe_name((reel_id or "").strip() or title or footage[0].stem),
        output=output,
        platforms=[named_platform(word) for word in dict.fromkeys(platform or DEFAULT_PLATFORMS)],
        template=load_template(template or _usual_template(footage, title, name), root=Path()),
        style=style,
        brand=load_brand(brand) if brand else DEFAULT_BRAND,
        subtitles=SubtitleOptions(
            model=model,
            engine=one_of("--engine", engine, ENGINES),
            language=_checked("--language", language, language_code),
        ),
        title=title,
        people=_people(name or [], role or []),
        framing=one_of("--framing", framing, FRAMING_WORDS),
        frame_rate=one_of("--frame-rate", frame_rate, FRAME_RATES),
        in_point=_checked("--in", in_point, point) if in_point is not None else None,
        out_point=_checked("--out", out_point, point) if out_point is not None else None,
        draft=_existing("--subtitles", subtitles, Said("a subtitle file", ko="자막 파일")),
        cover=_cover(cover),
        voice=_existing("--voice", voice, Said("a sound file", ko="소리 파일")),
        ai=ai,
        caption=_checked("--caption", caption, paragraphs),
        hashtags=list(dict.fromkeys(_checked("--hashtag", tag, hashtag_of) for tag in hashtag or [])),
    )
    _require_voice_alone(campaign, voice)
    if len(films) == 1 and is_empty_range(in_point, out_point):
        raise UsageError(
            where="--out",
            found=str(out_point),
            expected=Said(f"a time after --in {in_point}", ko=f"--in {in_point}보다 늦은 시각"),
            remedy=Said("move one of the two", ko="둘 가운데 하나를 옮겨 주세요."),
        )
    if not force:
        _require_own_place(campaign)
    with told_drafts(campaign), shown_run() as show:
        report = render_campaign(
            campaign,
            show=show,
            hands=Hands(jobs=jobs),
            force=force,
            encoder=chip,
            language=language_of_messages(),
        )
    warn_of_drafts(campaign, report)
    show_outcome(report, as_json=as_json)


def _usual_template(footage: Sequence[Path], title: str, names: Sequence[str] | None) -> str:
    if all(is_notice(path) for path in footage):
        return "announcement"
    return "interview" if title or names else "plain"


def _require_no_footage_named(given: Mapping[str, object]) -> None:
    """Raises: UsageError for the first option that speaks of a film, where there are texts alone."""
    for option, value in given.items():
        if value:
            raise UsageError(
                where=option,
                found=Said("a reel of cards alone", ko="카드만 있는 릴스"),
                expected=Said("a video file", ko="영상 파일"),
                remedy=_LEAVE_IT_OUT,
            )


def _require_voice_alone(campaign: Campaign, voice: Path | None) -> None:
    """Raises: UsageError for a recorded voice where films bring their own sound."""
    if voice is not None and any(not clip.is_brands for clip in campaign.reels[0].clips):
        raise UsageError(
            where="--voice",
            found=Said("a reel with footage", ko="영상이 있는 릴스"),
            expected=Said("a text file, which becomes cards", ko="카드가 되는 텍스트 파일"),
            remedy=_LEAVE_IT_OUT,
        )


def _require_own_place(campaign: Campaign) -> None:
    """Refuse to replace a reel of other footage: two cameras call their files C0007.MP4.

    Raises: UsageError.
    """
    for reel in campaign.reels:
        for platform in reel.platforms:
            folder = campaign.workspace.out_dir / safe_name(reel.id) / platform.name
            earlier = delivered_in(folder)
            if earlier is None or _is_made_from(earlier, reel):
                continue
            names = [printable(name) for name in dict.fromkeys((*earlier.footage, *earlier.texts))]
            listed = ", ".join(names if len(names) <= _NAMED else [*names[:_NAMED], "…"])
            raise UsageError(
                where=str(folder),
                found=Said(f"a reel of other footage ({listed})", ko=f"다른 영상({listed})으로 만든 릴스"),
                expected=Said(
                    "an empty place, or a reel of the same footage",
                    ko="빈 자리, 또는 같은 영상으로 만든 릴스",
                ),
                remedy=Said(
                    "give this one another name with --id or another folder with -o; "
                    "--force replaces the earlier one",
                    ko="--id로 다른 이름을, 또는 -o로 다른 폴더를 지정해 주세요. "
                    "먼저 만든 것을 바꾸려면 --force를 붙이세요.",
                ),
            )


def _is_made_from(earlier: Delivered, reel: ReelSpec) -> bool:
    """Whether `earlier` shows the footage of `reel`; footage that cannot be read is left to the plan to tell.

    A text may be corrected and replace its own reel; another text, or a film, may not.
    """
    if set(earlier.texts) != set(reel.texts):
        return False
    try:
        content = {find_footage(clip.footage).identity for clip in reel.clips}
        if earlier.identity:
            return content == set(earlier.identity)
        names = {printable(clip.footage.name) for clip in reel.clips}
        return names == {name.rpartition("/")[2] for name in earlier.footage}
    except (ReelsError, OSError):
        return True


def _people(names: list[str], roles: list[str]) -> tuple[Person, ...]:
    if len(roles) > len(names):
        raise UsageError(
            where="--role",
            found=Said(
                f"{len(roles)} roles for {len(names)} names",
                ko=f"이름 {len(names)}개에 직함 {len(roles)}개",
            ),
            expected=Said("at most one --role for each --name", ko="--name마다 --role 하나까지"),
            remedy=Said("give a --name before each --role", ko="--role 앞에 --name을 넣어 주세요."),
        )
    padded = [*roles, *[""] * (len(names) - len(roles))]
    return tuple(
        Person(name=_checked("--name", who, one_line), role=_checked("--role", what, one_line))
        for who, what in zip(names, padded, strict=True)
    )


def _checked(option: str, text: str, rule: Callable[[str], Made]) -> Made:
    """What `rule` makes of `text`. Raises: UsageError with what the rule expected."""
    try:
        return rule(text)
    except ValueError as error:
        raise UsageError(
            where=option,
            found=f"'{text}'",
            expected=error.args[0],
            remedy=Said("write it so", ko="그렇게 적어 주세요."),
        ) from None


def _cover(text: str) -> WantedCover:
    """Raises: UsageError; CampaignProblems for a file that is no picture."""
    keys = _checked("--cover", text, cover_as_keys)
    file = Path(keys["file"]) if "file" in keys else None
    picture = _existing("--cover", file, Said("a picture file", ko="그림 파일"))
    if picture is not None:
        measure_photo(picture)
    return WantedCover(at=keys.get("at"), file=picture, where="--cover")


def _existing(option: str, path: Path | None, expected: str) -> Path | None:
    if path is None:
        return None
    found = existing_file(path)
    if found is None:
        raise UsageError(
            where=option,
            found=Said(f"{path}, which is a folder", ko=f"폴더 {path}")
            if existing_folder(path) is not None
            else Said(f"{path}, which is not there", ko=f"없는 파일 {path}"),
            expected=expected,
            remedy=Said("check the name", ko="이름을 확인해 주세요."),
        )
    return found
