"""The house rules, held by reading every module's syntax tree: who may import whom, and what no module may hold.

Each rule is a function from a tree of modules to broken sentences. It is proven twice: it finds nothing in
`reels`, and it fires on a small tree that breaks it.
"""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

ROOMS = (
    # values and what needs nothing
    *(
        "said",
        "errors",
        "resources",
        "user_cache",
        "timing",
        "geometry",
        "fingerprint",
        "cadence",
        "boxes",
        "luts",
        "korean",
        "machine",
    ),
    # the one gate to processes
    "tools",
    # words, pictures and sound as values
    *(
        "transcript",
        "glossary",
        "fonts",
        "subtitles",
        "media",
        "file_kinds",
        "footage",
        "probe",
        "sound",
        "recognise",
        "hearing",
    ),
    *(
        "cues",
        "alignment",
        "edit",
        "cutting",
        "interchange",
        "framing",
        "steadying",
        "encode",
        "layout",
        "covering",
        "art",
        "platforms",
        "campaign",
        "graph",
        "encoders",
        "versions",
        "observe",
        "check",
    ),
    # what is stored, what is known, what is to be done
    *("store", "drafts", "deliver", "kit", "steps", "survey", "plan", "dispatch"),
    # doing it
    *("perform", "crews", "run", "render"),
    # beside the flow
    *("lint", "preview", "sample", "scaffold", "showcase"),
    # people
    *("cli", "__main__"),
)
"""From left to right; a room may import from rooms on its left and from itself."""

ALLOWED_IN: Mapping[str, tuple[str, ...]] = {
    "subprocess": ("tools",),
    "typer": ("cli",),
    "click": ("cli",),
    "rich": ("cli",),
    "pydantic": ("campaign", "platforms"),
    "pydantic_core": ("campaign",),
    "yaml": ("campaign", "platforms"),
    "faster_whisper": ("recognise",),
    "whisper": ("recognise",),
    "ctranslate2": ("recognise",),
    "torch": ("recognise",),
    "tokenizers": ("recognise",),
    "moviepy": ("art.motion",),
    "segno": ("art.end_card",),
    "ffmpeg": ("graph",),
    "kiwipiepy": ("korean.analysis",),
    "imageio_ffmpeg": ("tools",),
    "onnxruntime": ("framing.centerface",),
    "resvg_py": ("art.svg",),
    "pymediainfo": ("observe.mediainfo",),
    "fontTools": ("fonts",),
    "psutil": ("machine",),
    "distributed": ("crews.dask_client",),
    "starlette": ("preview.guard", "preview.server"),
    "uvicorn": ("preview.serving",),
    "dask": (),
}
"""Which rooms may import which package."""

ONLY_LAZILY = frozenset(
    {
        "faster_whisper",
        "whisper",
        "ctranslate2",
        "torch",
        "tokenizers",
        "moviepy",
        "onnxruntime",
        "resvg_py",
        "pymediainfo",
        "fontTools",
        "distributed",
    }
)
"""Heavy or optional packages: imported inside a function, so that `reels --help` does not pay for them."""

NEVER: Mapping[str, tuple[str, ...]] = {
    "plan": ("reels.perform", "reels.run", "reels.render", "reels.tools"),
    "run": ("reels.plan", "reels.perform", "reels.survey", "reels.tools"),
    "perform": ("reels.plan", "reels.run"),
    "dispatch": ("reels.plan", "reels.perform", "reels.run", "reels.store", "reels.survey", "reels.tools"),
    "crews": ("reels.plan", "reels.survey"),
}
"""`plan` never runs anything, `run` never decides anything, `perform` does neither."""

LONGEST_LINES = 500
LONGER_FOR_NOW: Mapping[str, int] = {}
"""Modules that are over the limit today, with how long they may be at most. This list only shrinks."""

MEANINGLESS_NAMES = frozenset({"utils", "util", "helpers", "helper", "manager", "common", "misc"})


# --- reading ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One module of a package: dotted name, source and syntax tree."""

    name: str
    source: str
    tree: ast.Module
    is_package: bool

    @property
    def room(self) -> str:
        """`art` for `reels.art.draw`; empty for the package itself."""
        return self.name.partition(".")[2].partition(".")[0]

    def is_in(self, place: str) -> bool:
        inside = self.name.partition(".")[2]
        return inside == place or inside.startswith(f"{place}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """`module` as written; `names` that were taken from it; lazy: inside a function, or for type checkers only."""

    module: str
    names: tuple[str, ...]
    lazy: bool
    line: int


def read_modules(package: Path) -> dict[str, Module]:
    """Every module of the package in the folder `package`, by dotted name."""
    modules = {}
    for path in sorted(package.rglob("*.py")):
        parts = [package.name, *path.relative_to(package).with_suffix("").parts]
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        source = path.read_text(encoding="utf-8")
        modules[name] = Module(name=name, source=source, tree=ast.parse(source), is_package=is_package)
    return modules


def imports_of(module: Module) -> Iterator[Import]:
    yield from _imports(module.tree, lazy=False)


def _imports(node: ast.AST, *, lazy: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(module=alias.name, names=(), lazy=lazy, line=child.lineno)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"line {child.lineno}: imports are absolute here"
            names = tuple(alias.name for alias in child.names)
            yield Import(module=child.module or "", names=names, lazy=lazy, line=child.lineno)
        inside = lazy or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            inside = True
        yield from _imports(child, lazy=inside)


def modules_imported(module: Module, modules: Mapping[str, Module]) -> set[str]:
    """The modules of the same tree that `module` imports, lazily or not; a name may itself be a module.

    `from reels.art import draw` names the package only to reach the module in it.
    """
    found = set()
    for imported in imports_of(module):
        inside = {f"{imported.module}.{name}" for name in imported.names} & modules.keys()
        found |= inside
        if len(inside) < len(imported.names) or not imported.names:
            found |= {imported.module} & modules.keys()
    return found


def public_names(module: Module) -> set[str]:
    """Functions and classes that `module` itself defines without a leading underscore.

    A command of the Typer app is called by its name on the command line, not by importing it.
    """
    return {
        node.name
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not any(ast.unparse(decorator).startswith("app.") for decorator in node.decorator_list)
    }


def declared_names(module: Module) -> list[str] | None:
    """The literal value of `__all__`."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(t) for t in node.targets] == ["__all__"]:
            names: list[str] = ast.literal_eval(node.value)
            return names
    return None


# --- rules -----------------------------------------------------------------------------------------------

Rule = Callable[[Mapping[str, Module]], list[str]]


def imports_are_acyclic(modules: Mapping[str, Module]) -> list[str]:
    """A package counts as what its `__init__` imports: a submodule may import its siblings, not its package."""
    graph = {name: modules_imported(module, modules) for name, module in modules.items()}
    for name in graph:
        # `from reels import __version__` runs nothing but a constant.
        graph[name].discard(name.partition(".")[0])
    broken: list[str] = []
    finished: set[str] = set()
    path: list[str] = []

    def walk(name: str) -> None:
        if name in path:
            broken.append(" -> ".join([*path[path.index(name) :], name]))
            return
        if name in finished:
            return
        path.append(name)
        for target in sorted(graph[name]):
            walk(target)
        path.pop()
        finished.add(name)

    for name in sorted(graph):
        walk(name)
    return broken


def rooms_import_from_their_left(modules: Mapping[str, Module]) -> list[str]:
    rank = {room: number for number, room in enumerate(ROOMS)}
    broken = [f"{m.name}: the room {m.room} has no place in the order" for m in modules.values()
              if m.room and m.room not in rank]  # fmt: skip
    for module in modules.values():
        for target in sorted(modules_imported(module, modules)):
            room = modules[target].room
            if not module.room or not room or room not in rank or module.room not in rank:
                continue
            if rank[room] > rank[module.room]:
                broken.append(f"{module.name} imports {target}, which stands to the right of it")
    return broken


def packages_stay_in_their_rooms(modules: Mapping[str, Module]) -> list[str]:
    broken = []
    for module in modules.values():
        for imported in imports_of(module):
            package = imported.module.partition(".")[0]
            places = ALLOWED_IN.get(package)
            if places is not None and not any(module.is_in(place) for place in places):
                broken.append(f"{module.name}:{imported.line} imports {package}, allowed in {places}")
            if package in ONLY_LAZILY and not imported.lazy:
                broken.append(
                    f"{module.name}:{imported.line} imports {package} at the top, not in a function"
                )
    return broken


def planning_and_running_stay_apart(modules: Mapping[str, Module]) -> list[str]:
    broken = []
    for module in modules.values():
        for imported in imports_of(module):
            taken = (imported.module, *(f"{imported.module}.{name}" for name in imported.names))
            for forbidden in NEVER.get(module.room, ()):
                if any(name == forbidden or name.startswith(f"{forbidden}.") for name in taken):
                    broken.append(f"{module.name}:{imported.line} imports {forbidden}")
    return broken


def every_module_says_what_it_is(modules: Mapping[str, Module]) -> list[str]:
    return [m.name for m in modules.values() if not ast.get_docstring(m.tree)]


def all_is_complete(modules: Mapping[str, Module]) -> list[str]:
    """Packages that only hold modules, and `__main__`, which nobody imports, need no `__all__`."""
    broken = []
    for module in modules.values():
        declared = declared_names(module)
        defined = public_names(module)
        if declared is None:
            if defined and not module.name.endswith(".__main__"):
                broken.append(f"{module.name} has no __all__")
            continue
        if missing := sorted(defined - set(declared)):
            broken.append(f"{module.name}: not in __all__: {', '.join(missing)}")
        if len(set(declared)) != len(declared):
            broken.append(f"{module.name}: a name twice in __all__")
    return broken


def names_mean_something(modules: Mapping[str, Module]) -> list[str]:
    return [name for name in modules if name.rpartition(".")[2].strip("_") in MEANINGLESS_NAMES]


def only_the_command_line_prints(modules: Mapping[str, Module]) -> list[str]:
    """`print`, and leaving the program, belong to `cli` and to `__main__`."""
    broken = []
    for module in modules.values():
        if module.is_in("cli") or module.name.endswith(".__main__"):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "print",
                "exit",
                "quit",
                "sys.exit",
                "os._exit",
                "sys.stdout.write",
                "sys.stderr.write",
            ):
                broken.append(f"{module.name}:{node.lineno} calls {ast.unparse(node.func)}")
            if isinstance(node, ast.Raise) and node.exc is not None and "SystemExit" in ast.unparse(node.exc):
                broken.append(f"{module.name}:{node.lineno} raises SystemExit")
    return broken


def no_module_is_too_long(modules: Mapping[str, Module]) -> list[str]:
    return [
        f"{module.name} has {lines} lines"
        for module in modules.values()
        if (lines := len(module.source.splitlines())) > LONGER_FOR_NOW.get(module.name, LONGEST_LINES)
    ]


RULES: tuple[Rule, ...] = (
    imports_are_acyclic,
    rooms_import_from_their_left,
    packages_stay_in_their_rooms,
    planning_and_running_stay_apart,
    every_module_says_what_it_is,
    all_is_complete,
    names_mean_something,
    only_the_command_line_prints,
    no_module_is_too_long,
)


# --- the house keeps its rules ---------------------------------------------------------------------------


@lru_cache(maxsize=1)
def house() -> Mapping[str, Module]:
    return read_modules(REPOSITORY / "reels")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    assert rule(house()) == []


def test_the_house_was_read_as_a_whole() -> None:
    assert {"reels", "reels.timing", "reels.plan.reel", "reels.tools.ffmpeg", "reels.cli.app"} <= set(house())
    assert {m.room for m in house().values()} - {""} <= set(ROOMS)
    assert set(ROOMS) == {m.room for m in house().values()} - {""}, "a room in the order that does not exist"


def test_every_name_in_all_exists() -> None:
    for name, module in house().items():
        declared = declared_names(module)
        if declared:
            loaded = importlib.import_module(name)
            missing = [n for n in declared if not hasattr(loaded, n)]
            assert not missing, f"{name} promises {missing}"


def test_no_exception_to_the_length_is_left_over() -> None:
    for name in LONGER_FOR_NOW:
        assert len(house()[name].source.splitlines()) > LONGEST_LINES, f"{name} needs no exception any more"


# --- each rule fires -------------------------------------------------------------------------------------

_DOC = '"""Says what it is."""\n'

BREAKING: Mapping[str, tuple[Rule, Mapping[str, str]]] = {
    "two modules that import each other": (
        imports_are_acyclic,
        {"timing.py": "import reels.geometry", "geometry.py": "from reels.timing import x"},
    ),
    "a cycle through a lazy import": (
        imports_are_acyclic,
        {"timing.py": "def f() -> None:\n    import reels.geometry", "geometry.py": "import reels.timing"},
    ),
    "a cycle of three": (
        imports_are_acyclic,
        {"timing.py": "import reels.edit", "edit.py": "import reels.cues", "cues.py": "import reels.timing"},
    ),
    "a value that imports the planner": (
        rooms_import_from_their_left,
        {"timing.py": "from reels.plan import make", "plan/__init__.py": "", "plan/make.py": ""},
    ),
    "a room nobody has placed": (rooms_import_from_their_left, {"attic.py": ""}),
    "subprocess outside tools": (packages_stay_in_their_rooms, {"probe.py": "import subprocess"}),
    "subprocess hidden in a function": (
        packages_stay_in_their_rooms,
        {"probe.py": "def f() -> None:\n    from subprocess import run"},
    ),
    "typer outside the command line": (packages_stay_in_their_rooms, {"render.py": "import typer"}),
    "click outside the command line": (packages_stay_in_their_rooms, {"render.py": "import click.core"}),
    "rich in the library": (packages_stay_in_their_rooms, {"run.py": "from rich.table import Table"}),
    "pydantic in a value": (packages_stay_in_their_rooms, {"edit.py": "from pydantic import BaseModel"}),
    "yaml in the planner": (packages_stay_in_their_rooms, {"plan.py": "import yaml"}),
    "a recogniser outside its adapter": (
        packages_stay_in_their_rooms,
        {"perform.py": "def f() -> None:\n    import faster_whisper"},
    ),
    "a recogniser imported at the top of its adapter": (
        packages_stay_in_their_rooms,
        {"recognise/__init__.py": "", "recognise/engine.py": "import ctranslate2"},
    ),
    "moviepy at the top": (
        packages_stay_in_their_rooms,
        {"art/__init__.py": "", "art/motion.py": "import moviepy"},
    ),
    "ffmpeg-python outside graph": (packages_stay_in_their_rooms, {"perform.py": "import ffmpeg"}),
    "a planner that runs": (
        planning_and_running_stay_apart,
        {"plan/__init__.py": "", "plan/reel.py": "from reels import perform", "perform.py": ""},
    ),
    "a planner that starts a process": (
        planning_and_running_stay_apart,
        {
            "plan.py": "from reels.tools.ffmpeg import run_ffmpeg",
            "tools/__init__.py": "",
            "tools/ffmpeg.py": "",
        },
    ),
    "an executor that plans": (
        planning_and_running_stay_apart,
        {"run.py": "def f() -> None:\n    from reels.plan import make_plan", "plan.py": ""},
    ),
    "a module without a docstring": (every_module_says_what_it_is, {"edit.py": "!x = 1"}),
    "a module without __all__": (all_is_complete, {"edit.py": "def cut() -> None: ..."}),
    "a public function left out of __all__": (
        all_is_complete,
        {"edit.py": "__all__ = ['cut']\ndef cut() -> None: ...\nclass Span: ..."},
    ),
    "a module called utils": (names_mean_something, {"utils.py": ""}),
    "a package called helpers": (names_mean_something, {"helpers/__init__.py": ""}),
    "a library that prints": (only_the_command_line_prints, {"run.py": "def f() -> None:\n    print(1)"}),
    "a library that leaves": (only_the_command_line_prints, {"run.py": "import sys\nsys.exit(1)"}),
    "a module of 501 lines": (no_module_is_too_long, {"run.py": "\n" * LONGEST_LINES}),
}


@pytest.mark.parametrize("case", BREAKING)
def test_the_rule_fires_on(case: str, tmp_path: Path) -> None:
    rule, files = BREAKING[case]
    assert rule(_tree(tmp_path, files)), f"{rule.__name__} did not see {case}"


KEEPING: Mapping[str, tuple[Rule, Mapping[str, str]]] = {
    "importing to the left": (
        rooms_import_from_their_left,
        {"timing.py": "", "edit.py": "from reels.timing import x"},
    ),
    "a package that hands on its modules' names": (
        imports_are_acyclic,
        {"plan/__init__.py": "from reels.plan.make import x", "plan/make.py": "import reels.plan.reel",
         "plan/reel.py": ""},
    ),
    "a recogniser imported lazily in its adapter": (
        packages_stay_in_their_rooms,
        {"recognise/__init__.py": "", "recognise/engine.py": "def f() -> None:\n    import whisper"},
    ),
    "a method called print": (only_the_command_line_prints, {"run.py": "def f(x: C) -> None:\n    x.print()"}),
    "a module of 500 lines": (no_module_is_too_long, {"run.py": "\n" * (LONGEST_LINES - 1)}),
}  # fmt: skip


@pytest.mark.parametrize("case", KEEPING)
def test_the_rule_is_quiet_on(case: str, tmp_path: Path) -> None:
    rule, files = KEEPING[case]
    assert rule(_tree(tmp_path, files)) == []


def _tree(folder: Path, files: Mapping[str, str]) -> dict[str, Module]:
    for name, source in {"__init__.py": "", **files}.items():
        path = folder / "reels" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source[1:] if source.startswith("!") else _DOC + source, encoding="utf-8")
    return read_modules(folder / "reels")


# --- words that name a place -----------------------------------------------------------------------------

# Put together from pieces, so that this file does not find itself.
_PLACES = re.compile(
    r"(?<![\w.:~<)}*-])/(?:" + "|".join(["wo" + "rk", "tm" + "p", "ho" + "me", "ro" + "ot", "mn" + "t"]) + r")/"
    + "|" + "|".join(["artifact" + "ory", "python" + "hosted", "pypi" + r"\.org", "-index" + "-url"])
)  # fmt: skip

_SAID_TO_PEOPLE = "download.pytorch.org/whl/cpu"
"""What a user without CUDA types to get torch, in messages and docs; nothing here uses it."""


def places_named_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if _PLACES.search(line) and _SAID_TO_PEOPLE not in line]


def test_no_file_names_a_place_of_one_machine_or_a_registry() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a clone")
    found = {}
    for name in filter(None, listed.stdout.decode("utf-8", "surrogateescape").split("\0")):
        try:
            text = (REPOSITORY / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        if lines := places_named_in(text):
            found[name] = lines
    assert found == {}


def test_a_place_is_recognised_and_an_ordinary_text_is_not() -> None:
    for line in (
        "see /wo" + "rk/main",
        'open("/tm' + 'p/x")',
        "pip install --extra" + "-index" + "-url http://x",
    ):
        assert places_named_in(line), line
    for line in ("https://example.org/wo" + "rk/a", "a/work/b", "tmp_path / 'work'", "the work/ folder"):
        assert not places_named_in(line), line
