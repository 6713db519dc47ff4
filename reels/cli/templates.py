"""`reels templates`: the looks that a reel and its subtitles can have; what each shows, and a picture of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from reels.campaign.brand import Brand, load_brand
from reels.campaign.load import DEFAULT_PLATFORMS
from reels.campaign.own_platforms import named_platform
from reels.campaign.subtitle_style import list_subtitle_styles
from reels.campaign.template import Slot, list_templates, load_template, slots_of
from reels.cli.choices import one_of
from reels.cli.console import language, print_json, print_line, print_table
from reels.errors import OutputNotWritable, UsageError
from reels.resources import assets_dir
from reels.said import Said, in_language, said_by_system
from reels.showcase import LANGUAGES, LENGTHS, Showcase, contact_sheet

__all__ = ["app"]

app = typer.Typer(
    help="Templates and subtitle styles: which there are, what they show, how they look.",
    invoke_without_command=True,
)

_Campaign = Annotated[
    Path | None, typer.Option("--campaign", help="Folder of a campaign with templates of its own.")
]
_Word = TypeVar("_Word", bound=str)

_TEMPLATE = Said("template", ko="템플릿")
_STYLE = Said("subtitle style", ko="자막 스타일")
_COLUMNS = (
    Said("slot", ko="자리"),
    Said("shown", ko="보임"),
    Said("where", ko="위치"),
    Said("when", ko="시간"),
    Said("filled by", ko="채우는 것"),
)
_YES, _NO = Said("yes", ko="예"), Said("no", ko="아니요")


@app.callback()
def templates(
    context: typer.Context,
    campaign: _Campaign = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List the templates by name, a team's own ones among them, and the subtitle styles."""
    if context.invoked_subcommand is not None:
        return
    known, styles = list_templates(campaign), list_subtitle_styles()
    if as_json:
        print_json(
            {
                "templates": [
                    {
                        "name": t.name,
                        "version": t.version,
                        "description": {"ko": t.description_ko, "en": t.description_en},
                        "extends": list(t.extends),
                        "cards": [card.name for card in t.cards],
                    }
                    for t in known
                ],
                "subtitle_styles": [
                    {"name": s.name, "description": {"ko": s.description_ko, "en": s.description_en}}
                    for s in styles
                ],
            }
        )
        return
    tongue = language()
    print_table((in_language(_TEMPLATE, tongue), ""), [(t.name, t.description(tongue)) for t in known])
    print_table((in_language(_STYLE, tongue), ""), [(s.name, s.description(tongue)) for s in styles])


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Template name or folder.")],
    campaign: _Campaign = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Explain every slot of a template: what fills it, where it stands, when and for how long."""
    template = load_template(name, root=campaign)
    slots = slots_of(template)
    if as_json:
        print_json({"name": template.name, "slots": [_shape(slot) for slot in slots]})
        return
    tongue = language()
    print_line(f"{template.name}: {template.description(tongue)}")
    if template.extends:
        chain = " → ".join(template.extends)
        print_line(in_language(Said(f"extends {chain}", ko=f"이어받은 템플릿: {chain}"), tongue))
    print_table(
        [in_language(column, tongue) for column in _COLUMNS],
        [
            (
                slot.name,
                *(
                    in_language(fact, tongue)
                    for fact in (_YES if slot.shown else _NO, slot.where, slot.when, slot.filled_by)
                ),
            )
            for slot in slots
        ],
    )


def _shape(slot: Slot) -> dict[str, Any]:
    return {
        "slot": slot.name,
        "shown": slot.shown,
        "where": str(slot.where),
        "when": str(slot.when),
        "filled_by": {"en": str(slot.filled_by), "ko": slot.filled_by.ko},
    }


@app.command()
def preview(
    name: Annotated[str, typer.Argument(help="Template name or folder.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The picture to write (PNG or JPEG).")],
    brand: Annotated[
        Path | None, typer.Option("--brand", help="brand.yaml, or a folder that holds one.")
    ] = None,
    platform: Annotated[
        list[str] | None,
        typer.Option("--platform", "-p", help="Platform; may be given again. `reels platforms` lists."),
    ] = None,
    words: Annotated[str, typer.Option("--language", help="Language of the sample words: ko or en.")] = "ko",
    length: Annotated[
        str, typer.Option("--words", help="short, or extreme: as long as people write them.")
    ] = "short",
    unmarked: Annotated[
        bool, typer.Option("--unmarked", help="Leave out the lines around what platforms leave free.")
    ] = False,
    campaign: _Campaign = None,
) -> None:
    """Draw a contact sheet: everything that a template shows, over sample footage, with the safe areas marked."""
    if output.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise UsageError(
            where="--output",
            found=output.name,
            expected=Said("a name that ends in .png or .jpg", ko=".png나 .jpg로 끝나는 이름"),
            remedy=Said("add the ending", ko="확장자를 붙여 주세요."),
        )
    showcase = Showcase(
        template=load_template(name, root=campaign),
        brand=_brand(brand),
        platforms=tuple(
            named_platform(word, root=campaign) for word in dict.fromkeys(platform or DEFAULT_PLATFORMS)
        ),
        language=one_of("--language", words, LANGUAGES),
        length=one_of("--words", length, LENGTHS),
    )
    sheet = contact_sheet(showcase, marked=not unmarked)
    part = output.with_name(f".{output.stem}.part{output.suffix}")
    try:
        sheet.save(part)
        part.replace(output)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputNotWritable(where=str(output), found=said_by_system(error)) from error
    print_line(str(output))


def _brand(path: Path | None) -> Brand:
    return load_brand(path if path is not None else assets_dir() / "brand")
