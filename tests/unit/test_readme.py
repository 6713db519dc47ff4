"""The pages for users: what they show exists, works when copied, and says the same in both languages."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import re
import shlex
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

import pytest
import typer
import yaml
from distributed.cli import dask_scheduler, dask_worker
from PIL import Image

from reels import errors
from reels.campaign.brand import load_brand
from reels.campaign.card_keys import CardKeys
from reels.campaign.element_keys import ElementKeys
from reels.campaign.load import DEFAULT_PLATFORMS, DEFAULT_TEMPLATE, load_campaign
from reels.campaign.model import SubtitleOptions
from reels.campaign.notice import read_notice
from reels.campaign.schema import CampaignFile, ClipKeys, ReelKeys, SubtitleKeys
from reels.campaign.template import list_templates, load_template
from reels.campaign.template.keys import TemplateFile
from reels.cli.app import app
from reels.errors import CampaignProblems
from reels.platforms import list_platforms
from reels.recognise import list_models
from reels.resources import assets_dir, templates_dir

ROOT = Path(__file__).parents[2]
TOPICS = (
    "README",
    "docs/first-reel",
    "docs/campaign",
    "docs/cards",
    "docs/subtitles",
    "docs/subtitle-rules",
    "docs/subtitle-styles",
    "docs/models",
    "docs/framing",
    "docs/picture",
    "docs/cutting",
    "docs/brand-and-templates",
    "docs/scaling",
    "docs/when-something-goes-wrong",
)
PAGES = tuple(f"{topic}{ending}" for topic in TOPICS for ending in (".md", ".ko.md"))
SRT = "1\n00:00:01,000 --> 00:00:02,000\n안녕하세요\n"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#+) (.+)$", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page taken apart: fenced blocks as (language, text), and the text around them."""

    name: str
    prose: str
    blocks: tuple[tuple[str, str], ...]

    def in_language(self, language: str) -> tuple[str, ...]:
        return tuple(text for name, text in self.blocks if name == language)

    @property
    def inline(self) -> tuple[str, ...]:
        return tuple(_INLINE.findall(self.prose))

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Every table row as its cells, the lines under the headings left out."""
        lines = (line for line in self.prose.splitlines() if line.startswith("|"))
        cells = (tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines)
        return tuple(row for row in cells if not set("".join(row)) <= set("-: "))


def page(name: str) -> Page:
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = tuple((found[1], found[2]) for found in _FENCE.finditer(text))
    return Page(name=name, prose=_FENCE.sub("", text), blocks=blocks)


def rows_with(name: str, first_cell: str) -> tuple[tuple[str, ...], ...]:
    return tuple(row for row in page(name).rows if row[0] == first_cell)


# --- both languages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_have_the_same_sections_tables_examples_and_links(topic: str) -> None:
    english, korean = page(f"{topic}.md"), page(f"{topic}.ko.md")
    assert [mark for mark, _ in _HEADING.findall(english.prose)] == [
        mark for mark, _ in _HEADING.findall(korean.prose)
    ]
    assert [len(row) for row in english.rows] == [len(row) for row in korean.rows]
    assert [name for name, _ in english.blocks] == [name for name, _ in korean.blocks]
    for language in ("sh", "yaml", "python", "srt"):
        assert english.in_language(language) == korean.in_language(language)
    assert [_without_language(link) for link in _LINK.findall(english.prose)] == [
        _without_language(link) for link in _LINK.findall(korean.prose)
    ]


def _without_language(link: str) -> str:
    """The page that a link leads to, whatever the language of the page and of its headings."""
    return link.split("#")[0].replace(".ko.md", ".md")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_composed_text_and_a_korean_page_links_to_korean_pages(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    if name.endswith(".ko.md"):
        english = [link for link in _LINK.findall(page(name).prose)[1:] if _has_korean(name, link)]
        assert english == [], "these pages exist in Korean"


def _has_korean(name: str, link: str) -> bool:
    path = link.split("#")[0]
    if not path.endswith(".md") or path.endswith(".ko.md"):
        return False
    return (ROOT / name).parent.joinpath(path.removesuffix(".md") + ".ko.md").exists()


# --- links -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    broken = []
    for link in _LINK.findall(page(name).prose):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / unquote(path) if path else ROOT / name
        if not target.exists() or (anchor and unquote(anchor) not in _anchors(target)):
            broken.append(link)
    assert broken == []


def _anchors(target: Path) -> set[str]:
    """The names that headings get on the usual hosts: lower case, no signs, hyphens for spaces."""
    headings = (title for _, title in _HEADING.findall(_FENCE.sub("", target.read_text(encoding="utf-8"))))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


# --- commands --------------------------------------------------------------------------------------------

_COMMANDS: Any = typer.main.get_command(app)
OTHER_PROGRAMS = {"python3", "pip", "reels-env/bin/pip"}


def commands_on(name: str) -> Iterator[list[str]]:
    for block in page(name).in_language("sh"):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line.partition(" > ")[0], comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words = words[1:]
            if words:
                yield words


@pytest.mark.parametrize("name", PAGES)
def test_every_command_on_a_page_is_one_that_can_be_typed(name: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    for words in commands_on(name):
        if words[:2] == ["make", "-C"]:
            assert set(words[3:]) <= _campaign_targets(), words
        elif words[0] == "make":
            assert words[1] in targets, words
        elif words[0].endswith("reels"):
            _parse(words[1:])
        elif words[0] == "dask":
            known = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}[words[1]]
            options = {option for parameter in known.params for option in parameter.opts}
            assert {word for word in words if word.startswith("--")} <= options, words
        else:
            assert words[0] in OTHER_PROGRAMS, words


def _campaign_targets() -> set[str]:
    """The words that the Makefile of a campaign knows."""
    text = (assets_dir() / "campaign" / "Makefile").read_text(encoding="utf-8")
    (words,) = re.findall(r"^words := (.*)$", text, re.M)
    return set(words.split())


@pytest.mark.parametrize("name", ["docs/first-reel.md", "docs/first-reel.ko.md"])
def test_the_table_of_targets_names_every_word_of_a_campaigns_makefile(name: str) -> None:
    cells = [row[0] for row in page(name).rows if row[0].startswith("`make")]
    words = {code.removeprefix("make ") for cell in cells for code in _INLINE.findall(cell)}
    assert words == (_campaign_targets() - {"all"}) | {"make", "festival", "out/festival/x/festival.mp4"}


def _parse(words: list[str]) -> None:
    """Raises what the command line itself would raise for these words; runs nothing."""
    node, name = _COMMANDS, "reels"
    while hasattr(node, "commands"):
        while words and words[0] in _options(node):
            words = words[1 + _takes(node, words[0]) :]
        if not words:
            return
        assert words[0] in node.commands, f"no such command as {words[0]}"
        node, name, words = node.commands[words[0]], words[0], words[1:]
    node.make_context(name, list(words))


def _takes(node: Any, option: str) -> int:
    """How many words follow an option."""
    (parameter,) = (p for p in node.params if option in (*p.opts, *p.secondary_opts))
    return 0 if parameter.is_flag else int(parameter.nargs)


def _options(node: Any) -> set[str]:
    return {option for parameter in node.params for option in (*parameter.opts, *parameter.secondary_opts)}


def _every_option(node: Any) -> set[str]:
    inner = [_every_option(child) for child in getattr(node, "commands", {}).values()]
    return _options(node).union({"--help"}, *inner)


@pytest.mark.parametrize("name", PAGES)
def test_commands_and_options_named_in_a_sentence_exist(name: str) -> None:
    known = _every_option(_COMMANDS)
    for code in page(name).inline:
        words = code.split()
        if words[0] == "reels" and len(words) > 1 and words[1].islower():
            assert words[1] in _COMMANDS.commands, code
            mine = _every_option(_COMMANDS.commands[words[1]])
            assert {word for word in words if word.startswith("-") and len(word) > 1} <= mine, code
        else:
            assert {word for word in words if word.startswith("--")} <= known, code


def test_a_command_that_does_not_exist_is_noticed() -> None:
    for line in ("reels rendr spring", "reels render spring --quick", "reels check", "reels models fetc x"):
        with pytest.raises(Exception, match=r"No such|Missing|no such|missing|unexpected"):
            _parse(line.split()[1:])


def test_every_command_is_named_on_some_page() -> None:
    pages = {ROOT / "README.md", *(ROOT / "docs").glob("*.md")} - {ROOT / "docs" / "commands.md"}
    said = " ".join(path.read_text(encoding="utf-8") for path in pages)
    assert [name for name in _COMMANDS.commands if f"reels {name}" not in said] == []


# --- examples --------------------------------------------------------------------------------------------


def _examples() -> list[tuple[str, str]]:
    return [(name, text) for name in PAGES for text in page(name).in_language("yaml")]


@pytest.mark.parametrize(("name", "text"), _examples())
def test_an_example_is_read_by_the_loader_that_a_user_meets(name: str, text: str, tmp_path: Path) -> None:
    written = yaml.safe_load(text)
    for file in (assets_dir() / "brand").iterdir():
        shutil.copy(file, tmp_path)
    if "colours" in written:
        (tmp_path / "brand.yaml").write_text(text, encoding="utf-8")
        assert load_brand(tmp_path).name == "한빛시"
    elif "description" in written:
        (tmp_path / "template.yaml").write_text(text, encoding="utf-8")
        assert load_template(tmp_path).name == written["name"]
    else:
        _load_campaign(written, text, tmp_path)


_CONTENT = {".srt": SRT, ".cube": "LUT_1D_SIZE 2\n0 0 0\n1 1 1\n"}
"""Of the files that a loader reads; of all others it asks only whether they are there."""
_NAMES_A_FILE = {"subtitles", "lut", "picture", "before", "after", "voice", "ground"}


def _files_named(written: Any) -> Iterator[str]:
    """The files that a campaign names, footage aside, wherever they stand in it."""
    if isinstance(written, list):
        for item in written:
            yield from _files_named(item)
    elif isinstance(written, dict):
        for key, value in written.items():
            if key in _NAMES_A_FILE and isinstance(value, str) and Path(value).suffix:
                yield value
            yield from _files_named(value)


def _load_campaign(written: dict[str, Any], text: str, folder: Path) -> None:
    if "campaign" not in written:
        text = f"campaign: 예제\n{text}"
    if "reels" not in written:
        text += "reels: [{id: one, clips: [{footage: a.mp4}]}]\n"
    (folder / "campaign.yaml").write_text(text, encoding="utf-8")
    for name in _files_named(written):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(_CONTENT.get(Path(name).suffix, ""), encoding="utf-8")
    campaign = load_campaign(folder)
    assert len(campaign.reels) == len(written.get("reels", [1]))


@pytest.mark.parametrize("name", PAGES)
def test_a_python_example_imports_what_there_is(name: str) -> None:
    for text in page(name).in_language("python"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom):
                module = importlib.import_module(str(node.module))
                assert all(hasattr(module, imported.name) for imported in node.names), ast.unparse(node)


def test_the_written_out_template_is_what_a_template_of_three_keys_becomes(tmp_path: Path) -> None:
    examples = [y for y in page("docs/brand-and-templates.md").in_language("yaml") if "description:" in y]
    (example,) = (y for y in examples if "extends:" not in y)
    head = "".join(line for line in example.splitlines(True) if line.startswith(("name", "version", "desc")))
    loaded = []
    for number, text in enumerate((example, head)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "template.yaml").write_text(text, encoding="utf-8")
        loaded.append(dataclasses.replace(load_template(folder), where=""))
    assert loaded[0] == loaded[1]


def test_the_written_out_template_leaves_out_no_key() -> None:
    examples = [y for y in page("docs/brand-and-templates.md").in_language("yaml") if "description:" in y]
    (example,) = (yaml.safe_load(y) for y in examples if "extends:" not in y)
    assert set(example) == _keys(TemplateFile) - {"extends"}
    for name, section in example.items():
        model = TemplateFile.model_fields[name].annotation
        if name == "cards":
            assert set(section["text"]) == _keys(get_args(model)[1])
        elif name != "subtitles" and hasattr(model, "model_fields"):
            assert set(section) == _keys(model), name


@pytest.mark.parametrize("ending", [".md", ".ko.md"])
def test_the_notice_of_the_page_becomes_the_cards_that_it_says(ending: str, tmp_path: Path) -> None:
    notice = next(text for text in page(f"docs/cards{ending}").in_language("text") if "지역:" in text)
    path = tmp_path / "태풍경보.txt"
    path.write_text(notice, encoding="utf-8")
    cards = read_notice(path, load_template("disaster"), before=0)
    assert [card.kind for card in cards] == ["hazard", "area", "action", "contact"]
    assert cards[2].items[0] == "창문과 문을 잠그고 떨어져 계세요"


def test_every_built_in_template_has_a_small_picture_on_its_page() -> None:
    folder = ROOT / "docs" / "templates"
    shown = set(re.findall(r"templates/([\w-]+\.jpg)", page("docs/brand-and-templates.md").prose))
    assert {f"{file.parent.name}.jpg" for file in templates_dir().glob("*/template.yaml")} <= shown
    assert {path.name for path in folder.iterdir()} == shown
    for path in folder.iterdir():
        assert path.stat().st_size <= 120_000, path.name
        with Image.open(path) as opened:
            assert (opened.format, opened.width) == ("JPEG", 1000)


# --- tables of keys, names and numbers -------------------------------------------------------------------


def _keys(model: Any) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


@pytest.mark.parametrize("name", ["docs/campaign.md", "docs/campaign.ko.md"])
def test_the_table_of_keys_says_where_each_key_may_stand(name: str) -> None:
    levels: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    for row in page(name).rows:
        if len(row) != 5:
            continue
        for level, cell in zip(levels, row[1:4], strict=True):
            if cell == "✓":
                level.update(key for key in _INLINE.findall(row[0]))
    assert levels == (_keys(CampaignFile), _keys(ReelKeys), _keys(ClipKeys))


@pytest.mark.parametrize("name", ["docs/campaign.md", "docs/campaign.ko.md"])
def test_the_tables_of_elements_name_every_kind_and_every_key(name: str) -> None:
    rows = [row for row in page(name).rows if len(row) == 3]
    named = {key for row in rows for cell in row for code in _INLINE.findall(cell) for key in _words(code)}
    union = get_args(get_args(ElementKeys)[0])
    models = [model for branch in union if hasattr(model := get_args(branch)[0], "model_fields")]
    assert len(models) == 8
    assert {key for model in models for key in _keys(model)} <= named


def _words(code: str) -> list[str]:
    """The keys that a piece of code names: `at`, and those of `before: …, after: …`."""
    return [part.split(":")[0].strip() for part in code.split(",")]


@pytest.mark.parametrize("name", ["docs/cards.md", "docs/cards.ko.md"])
def test_the_table_of_a_card_is_complete_and_the_kinds_are_those_of_the_templates(name: str) -> None:
    rows = page(name).rows
    own = {row[0].strip("`") for row in rows if len(row) == 3 and row[0].startswith("`")}
    assert _keys(CardKeys) <= own
    usual = {card.name for card in load_template("base").cards}
    said = {row[0].strip("`"): set(_INLINE.findall(row[1])) for row in rows if len(row) == 2}
    for template in list_templates():
        kinds = {card.name for card in template.cards} - usual
        assert kinds <= said.get(template.name, set()) <= kinds | usual, template.name


@pytest.mark.parametrize("name", ["docs/subtitles.md", "docs/subtitles.ko.md"])
def test_the_table_of_subtitle_options_is_complete_and_its_defaults_are_true(name: str) -> None:
    rows = {row[0].strip("`"): row for row in page(name).rows if len(row) == 4 and row[0].startswith("`")}
    assert set(rows) == _keys(SubtitleKeys)
    options = SubtitleOptions()
    assert f"`{options.model}`" in rows["model"][3]
    assert f"`{options.engine}`" in rows["engine"][3]
    assert f"`{options.language}`" in rows["language"][3]
    assert str(options.beam) in rows["beam"][3]
    assert str(options.vad).lower() in rows["vad"][3]


@pytest.mark.parametrize("name", ["docs/brand-and-templates.md", "docs/brand-and-templates.ko.md"])
def test_the_table_of_brand_keys_is_complete_and_every_template_is_listed(name: str, tmp_path: Path) -> None:
    nested = "".join(f"{key}: {{nosuch: 1}}\n" for key in ("colours", "logo", "fonts", "kogl", "intro"))
    text = f"name: 한빛시\nnosuch: 1\n{nested}music: [{{nosuch: 1}}]\n"
    (tmp_path / "brand.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CampaignProblems) as refused:
        load_brand(tmp_path)
    unknown = [p for p in refused.value.problems if "unknown key" in p.found]
    accepted = {key for p in unknown for key in p.expected.removeprefix("one of ").split(", ")}
    cells = [row[0] for row in page(name).rows if row[0].startswith("`")]
    named = {key.strip("`").removeprefix("colours.") for cell in cells for key in cell.split(", ")}
    assert accepted <= named | set(page(name).inline)
    assert {template.name for template in list_templates()} <= named


@pytest.mark.parametrize("ending", [".md", ".ko.md"])
def test_exit_codes_and_variables_are_those_of_the_code(ending: str) -> None:
    rows = page(f"docs/when-something-goes-wrong{ending}").rows
    codes = {int(row[0]) for row in rows if row[0].isdigit()}
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    raised = {value.exit_code for value in classes if issubclass(value, errors.ReelsError)}
    assert codes == raised | {0, 70}
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "reels").rglob("*.py"))
    variables = {row[0].strip("`") for row in rows if re.fullmatch(r"`[A-Z_]+`", row[0])}
    assert "REELS_FFMPEG" in variables
    assert [name for name in variables if f'"{name}"' not in source] == []
    assert set(re.findall(r'"(REELS_[A-Z]+)"', source)) <= variables


@pytest.mark.parametrize("name", PAGES)
def test_platforms_templates_and_models_named_on_a_page_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    platforms = {platform.name for platform in list_platforms()}
    assert set(re.findall(r"--platform ([a-z-]+)", text)) <= platforms
    models = {row.name for row in list_models()}
    assert set(re.findall(r"(?:--model|models fetch) ([a-z][\w.-]*)", text)) <= models
    own = {"our-look"}
    templates = {template.name for template in list_templates()} | own
    assert set(re.findall(r"(?:--template|template:) ([a-z][\w-]*)", text)) <= templates


def test_the_defaults_that_the_pages_name_are_the_defaults() -> None:
    for name in ("docs/campaign.md", "docs/campaign.ko.md"):
        (platforms,), (template,) = rows_with(name, "`platforms`"), rows_with(name, "`template`")
        assert tuple(_INLINE.findall(platforms[4])) == DEFAULT_PLATFORMS
        assert _INLINE.findall(template[4])[0] == DEFAULT_TEMPLATE


def test_ten_platforms_is_how_many_there_are() -> None:
    assert "limits of ten platforms" in page("README.md").prose.replace("\n", " ")
    assert "열 플랫폼" in page("README.ko.md").prose
    assert len(list_platforms()) == 10


def test_the_picture_of_the_readme_is_a_photograph_that_loads_quickly() -> None:
    picture = ROOT / "docs" / "pictures" / "contact-sheet.jpg"
    assert picture.stat().st_size <= 400_000
    with Image.open(picture) as opened:
        assert opened.format == "JPEG"
        assert opened.width >= 1200
