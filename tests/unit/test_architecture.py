"""What the architecture promises of the code, read out of the code."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import hypothesis
import pytest

from entra_config import errors
from entra_config.apply import attempt
from entra_config.graph import batch, decoding, http, paging, retry
from entra_config.kinds import details
from entra_config.kinds.table import KINDS
from entra_config.plan.steps import Phase
from tests.unit.twins import functions, twins

PACKAGE = Path(__file__).parents[2] / "entra_config"


@cache
def tree(path: Path) -> ast.Module:
    """Return a file as Python reads it: several tests look at the same ones."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return all nodes of a file: to walk takes longer than to parse."""
    return tuple(ast.walk(tree(path)))


@pytest.fixture(scope="module", autouse=True)
def trees_are_forgotten() -> Iterator[None]:
    """Let the trees go with the last of these tests: to have so many nodes around is slow."""
    yield
    tree.cache_clear()
    nodes.cache_clear()


def imported(path: Path, package: str = "entra_config") -> set[str]:
    """Return the modules of the package, or of any, that a file imports when it runs, wherever in it;
    annotations alone do not count.
    """
    skipped = {
        id(inner)
        for node in nodes(path)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import) and id(node) not in skipped:
            found |= {alias.name for alias in node.names if alias.name.startswith(package)}
        if (
            not isinstance(node, ast.ImportFrom)
            or id(node) in skipped
            or not (node.module or "").startswith(package)
        ):
            continue
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            is_module = (PACKAGE.parent / f"{whole.replace('.', '/')}.py").exists()
            found.add(whole if is_module else str(node.module))
    return found


def test_the_pipeline_reads_in_fifteen_modules() -> None:
    """`reconcile.py` names the rooms of the pipeline and nothing of their furniture."""
    rooms = imported(PACKAGE / "reconcile.py")

    assert {name.split(".")[1] for name in rooms} == {
        "states",
        "actual",
        "checks",
        "kinds",
        "plan",
        "apply",
        "errors",
    }
    assert len(rooms) <= 15


SUPPRESSED = re.compile(
    r"#\s*(?:noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w, "
    r"-]+\])?|nosec\b|pragma:\s*no cover)(?P<reason>.*)"
)

REASON = re.compile(r"  # [^\s#(]\S* ?\S{2,}")
SEARCHED = ("entra_config", "api", "bench", "dev", "tools", "tests", "examples", ".github", ".gitlab")


def test_whoever_silences_a_checker_says_why() -> None:
    """Behind each `noqa`, `type: ignore` and the like stands ` # reason`; nothing is switched off for a
    whole file.
    """
    root = PACKAGE.parent
    bare = [
        f"{path.relative_to(root)}:{number}"
        for folder in SEARCHED
        for path in sorted((root / folder).rglob("*.py"))
        if not {".venv", "node_modules"} & set(path.parts)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := SUPPRESSED.search(line)) and not REASON.match(found["reason"])
    ]

    assert bare == []


ROOT = PACKAGE.parent
LINK = re.compile(r"\]\(([^)]+)\)")
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
CHECKERS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CONTRACTS = CHECKERS["importlinter"]["contracts"]
ROOMS = {
    path.stem for path in PACKAGE.iterdir() if (path.suffix == ".py" or (path / "__init__.py").exists())
} - {"__init__"}
PURE = ("plan", "identity", "claimants", "states", "checks", "kinds", "resource", "characters")
PATHS = {
    "read_text",
    "write_text",
    "read_bytes",
    "write_bytes",
    "mkdir",
    "unlink",
    "exists",
    "iterdir",
    "glob",
    "rglob",
    "touch",
    "open",
}
# Time, chance, the machine: what a pure function gets as an argument.
AMBIENT = {
    "os", "sys", "time", "random", "secrets", "tempfile", "shutil", "pathlib", "io",
    "socket", "subprocess", "asyncio", "threading", "logging",
}  # fmt: skip


def contract(name: str) -> dict[str, list[str]]:
    """Return a contract of import-linter by its name."""
    (found,) = [each for each in CONTRACTS if each["name"] == name]
    return dict(found)


def test_the_page_has_the_layers_that_are_checked() -> None:
    """Line by line, and every room stands in one."""
    layers = contract("The pipeline reads top to bottom")["layers"]
    block = re.search(r"## Layers.*?```text\n(.*?)```", PAGE, re.DOTALL)

    assert block is not None
    assert block[1].splitlines() == layers
    assert {room for layer in layers for room in layer.split(" | ")} == ROOMS


def test_each_room_is_in_the_table_of_folders() -> None:
    """Whoever looks for a module by the page finds it, and what the page names is there."""
    table = PAGE.partition("## Folders")[2].partition("## Rules")[0]
    first = "\n".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    named = {
        name.removeprefix("entra_config/").removesuffix("/").removesuffix(".py")
        for name in re.findall(r"`([^`]+)`", first)
    }

    assert ROOMS - {"__main__"} <= named
    assert [name for name in named - ROOMS if not (ROOT / name).exists()] == []


def test_each_folder_of_the_repository_is_in_the_table() -> None:
    """Those at the top, and those of tests, oracles, tools and workflows, each in its row; what the row
    names is there.
    """
    rows = {}
    for line in PAGE.partition("## Folders")[2].partition("## Rules")[0].splitlines():
        cells = line.split("|")
        if line.startswith("| `"):
            rows |= {name.removesuffix("/"): cells[2] for name in re.findall(r"`([^`]+)`", cells[1])}
    assert {*_folders(".")} | {".github", ".ci"} <= {*rows, "entra_config"}
    for top, held in (
        ("tests", "tests"),
        ("tests/oracle", "tests"),
        ("tools", "tools"),
        (".github", ".github"),
    ):
        shown = {name if top != "tests/oracle" else f"oracle/{name}" for name in _folders(top)}
        assert {name for name in shown if f"`{name}/`" not in rows[held]} == set()


def _folders(top: str) -> Iterator[str]:
    """Yield the folders below one that hold something of this repository's, not what git ignores."""
    ignored = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines()}
    for path in (ROOT / top).iterdir():
        if (
            path.is_dir()
            and not path.name.startswith((".", "__"))
            and not any(fnmatch(path.name, each) for each in ignored)
        ):
            yield path.name


def test_each_page_is_in_the_table_of_the_readme() -> None:
    """Whoever looks for a page begins there."""
    table = _linked(ROOT / "README.md")

    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} <= table
    assert [name for name in table if not (ROOT / name).exists()] == []


def _linked(page: Path) -> set[str]:
    """Return what the rows of a page's tables begin with links to."""
    rows = (line.split("|")[1] for line in page.read_text("utf-8").splitlines() if line.startswith("| ["))
    return {name for row in rows for name in LINK.findall(row)}


def test_each_decision_is_in_the_table_of_decisions() -> None:
    """By its number, with a link."""
    folder = ROOT / "docs/decisions"

    assert _linked(folder / "README.md") == {page.name for page in folder.glob("0*.md")}


def test_the_picture_s_rooms_are_the_pipeline() -> None:
    """Each word of the pipeline, in order, and each folder of the picture is one."""
    picture = PAGE.partition("```mermaid")[2].partition("```")[0]
    steps = re.findall(r'\["(\w+) · ([\w/.]+):', picture)

    assert [word for word, _ in steps] == ["read", "identify", "states", "judge", "diff", "expand", "apply"]
    assert all((PACKAGE / place).exists() for _, place in steps)
    drawn = {place for place in re.findall(r"\b(\w+)/(?=[: ])", picture) if place != "manifests"}
    assert drawn == {room for room in ROOMS if (PACKAGE / room).is_dir()}


def test_what_a_row_of_the_table_names_is_there() -> None:
    """Each file, and each folder of code within a folder, by its name in the row of its room."""
    rows = {}
    for line in PAGE.partition("## Folders")[2].partition("## Rules")[0].splitlines():
        cells = line.split("|")
        if line.startswith("| `entra_config/"):
            rows |= {name.removeprefix("entra_config/").strip("/"): cells[2] for name in cell_names(cells[1])}
    named = [
        (room, name)
        for room, says in rows.items()
        for name in cell_names(says)
        if name.endswith((".py", ".json", "/")) and "*" not in name
    ]
    missing = [
        (room, name)
        for room, name in named
        if not any((PACKAGE / room).rglob(name.strip("/")))
        and not any((folder / name).exists() for folder in (PACKAGE, ROOT))
    ]
    inner = [
        (room, path.name)
        for room in rows
        for path in sorted((PACKAGE / room).rglob("*"))
        if (path / "__init__.py").exists() and f"`{path.name}/`" not in rows[room]
    ]

    assert missing == []
    assert inner == []
    assert len(named) > 60


def cell_names(cell: str) -> list[str]:
    """Return what stands in code in a cell of a table."""
    return re.findall(r"`([\w./*-]+)`", cell)


def test_the_files_at_the_top_are_told() -> None:
    """Each that git has there, in the list of CONTRIBUTING.md, and none that is gone."""
    listed = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("```text\n")[2].partition("```")[0]
    patterns = [line.split()[0] for line in listed.splitlines()]
    ignored = {*(ROOT / ".gitignore").read_text("utf-8").splitlines(), ".git"}
    there = {path.name for path in ROOT.iterdir() if path.is_file()} - ignored

    assert {name for name in there if not any(fnmatch(name, each) for each in patterns)} == set()
    assert [each for each in patterns if not any(ROOT.glob(each))] == []


def test_the_page_says_the_phases_and_the_bounds_that_the_code_has() -> None:
    """The order of writes, and every number of what is bounded and waited for."""
    words = " ".join(PAGE.split())
    phases = ", ".join(each.name.lower() for each in Phase)

    assert f": {phases}." in words
    for said in (
        f"{decoding.LARGEST // 2**20} MB and {http.SLOWEST:.0f} seconds for one answer",
        f"{paging.MOST_PAGES:,} pages and {({1_000_000: 'a million'})[paging.MOST_ITEMS]} items for one list",
        f"stay below {({600: 'ten'})[int(retry.SERVER.patience)]} minutes",
        f"for {({300: 'five'})[int(retry.READ_BACK.patience)]} minutes",
        f"{({20: 'twenty'})[batch.LIMIT]} to a batch",
        f"could show it ({attempt.EXTERNAL.patience:.0f} s)",
    ):
        assert said in words, said


def test_the_page_names_every_contract() -> None:
    """What import-linter holds is said there by its name, the layers by their picture."""
    names = {each["name"] for each in CONTRACTS} - {"The pipeline reads top to bottom"}

    assert {name for name in names if f'the contract "{name}"' not in PAGE} == set()
    (line,) = [each for each in PAGE.splitlines() if each.endswith("clocks and chance |")]
    pure = {name.removeprefix("entra_config.") for name in contract("The plan does no I/O")["source_modules"]}
    assert {*cell_names(line.split("|")[1])} == {*PURE} == pure
    layered = [each for each in CONTRACTS if each["type"] == "layers"]
    assert all(each["exhaustive"] and not each["exhaustive_ignores"] for each in layered)


def test_one_module_alone_runs_the_typed_client() -> None:
    """`graph/sdk.py`: others may name its types, and import none of it."""
    running = [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if any(name.partition(".")[0] in {"msgraph", "msgraph_core"} for name in imported(path, ""))
    ]

    assert running == ["graph/sdk.py"]


def test_what_vulture_passes_over_is_named() -> None:
    """Each name once, and none by its ending: a dead function that is called alike would hide behind it."""
    names = CHECKERS["vulture"]["ignore_names"]

    assert len(names) == len(set(names))
    assert [name for name in names if "*" in name] == ["pytest_*"]


def test_yaml_is_read_in_one_module() -> None:
    """`manifest/reading/yaml.py`: others name the types of its nodes and errors alone; ruamel only writes."""
    places: dict[str, set[str]] = {"yaml": set(), "ruamel": set()}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(tree(path)):
            names = (
                [each.name for each in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            )
            of = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            types = of == "yaml" and all(name.endswith(("Node", "Error")) for name in names)
            for module in {name.partition(".")[0] for name in ([of] if of else names)} & {*places}:
                if not types:
                    places[module].add(path.relative_to(PACKAGE).as_posix())

    assert places == {"yaml": {"manifest/reading/yaml.py"}, "ruamel": {"importing/manifest.py"}}
    writer = (PACKAGE / "importing/manifest.py").read_text(encoding="utf-8")
    assert not re.search(r"\.(?:load|compose|parse)\w*\(", writer)


def test_the_emulator_is_a_stranger_to_every_room() -> None:
    """The contract forbids it all of the package but itself, whatever is added."""
    forbidden = contract("The emulator meets the engine only over HTTP")["forbidden_modules"]

    assert {name.removeprefix("entra_config.") for name in forbidden} == ROOMS - {"emulator"}


def files(room: str) -> list[Path]:
    """Return the files of a room."""
    alone = PACKAGE / f"{room}.py"
    return [alone] if alone.exists() else sorted((PACKAGE / room).rglob("*.py"))


def outside(path: Path) -> Iterator[str]:
    """Yield each place where a file reaches for the world: a path, a clock, chance, the process; data of
    the package is none.
    """
    for node in nodes(path):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [each.name for each in node.names]
            )
            yield from (
                f"{path.name}:{node.lineno} import {name}"
                for name in modules
                if name.partition(".")[0] in AMBIENT
            )
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            of_package = "resources.files(" in called
            method = isinstance(node.func, ast.Attribute) and node.func.attr in PATHS and not of_package
            if method or called in {
                "open",
                "print",
                "input",
                "datetime.now",
                "datetime.today",
                "date.today",
                "uuid4",
                "uuid.uuid4",
            }:
                yield f"{path.name}:{node.lineno} {called}"


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_reaches_for_nothing(room: str) -> None:
    """No file, clock, chance or process: what it needs of these comes in as an argument."""
    assert [place for path in files(room) for place in outside(path)] == []


def test_what_reaches_for_the_world_is_seen() -> None:
    """The look finds the files of the lock file, the clock of the command line, the connection of graph/."""
    found = {
        room: [place for path in files(room) for place in outside(path)]
        for room in ("manifest", "cli", "graph")
    }

    assert any("import os" in place for place in found["manifest"])
    assert any("datetime.now" in place for place in found["cli"])
    assert any("import asyncio" in place for place in found["graph"])


def test_the_command_line_asks_graph_nothing() -> None:
    """It parses, wires and prints: a request is made by a room that reads or writes, be it to the
    emulator's own control. The demo alone plays a colleague who changes things by hand, with a script.
    """
    texts = {path.name: path.read_text(encoding="utf-8") for path in files("cli")}
    verbs = "get|post|put|patch|delete|head|options|request|stream|Client|AsyncClient"
    asking = re.compile(
        rf"entra_config\.graph\.request\b|\bhttpx\.(?:{verbs})\b|from httpx import|urlopen|http\.client"
        r"|create_default_context|open_connection"
    )

    assert [name for name, text in texts.items() if asking.search(text)] == ["tampering.py"]


def test_the_command_line_is_plain() -> None:
    """The session is an argument, and a command's parameters are those that its function has."""
    words = {"contextvars", "__signature__", "__annotations__", "__wrapped__"}
    texts = {path.name: path.read_text(encoding="utf-8") for path in files("cli")}

    assert [(name, word) for name, text in texts.items() for word in words if word in text] == []


def test_the_error_tree_is_whole() -> None:
    """The picture in `errors.py` names every error, each with its exit code."""
    drawn = dict(re.findall(r"[├└]── (\w+) .*exit (\d)", errors.__doc__ or ""))
    classes = [
        each
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, errors.EntraConfigError)
    ]

    assert drawn == {
        each.__name__: str(each.exit_code) for each in classes if each is not errors.EntraConfigError
    }


def everywhere(word: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield each node of the files that have a word, with the file's place."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if word in path.read_text(encoding="utf-8"):
            place = path.relative_to(PACKAGE).as_posix()
            yield from ((place, node) for node in nodes(path))


def named(node: ast.AST) -> str:
    """Return the name that a node is, or the last part of it; nothing where it is none."""
    match node:
        case ast.Name(name) | ast.Attribute(attr=name) | ast.arg(name) | ast.keyword(arg=str(name)):
            return name
    return ""


def test_nothing_is_only_pretended() -> None:
    """Neither plan nor apply asks for it: only what edits files of a manifest can show the edit alone."""
    pretending = {place for place, node in everywhere("dry_run") if named(node) == "dry_run"}

    assert pretending == {"cli/app_role.py", "cli/lint.py", "cli/move.py", "cli/offboard.py"}
    assert {place for place in pretending if imported(PACKAGE / place) & {"entra_config.reconcile"}} == set()


# Who ends a process, or takes an error's code, and why it is not `main` that does.
ENDS = {
    "cli/main.py": "the one place",
    "cli/emulator.py": "the emulator has errors of its own",
    "cli/emulator_running.py": "the same",
    "cli/emulator_snapshots.py": "that snapshots differ is no error",
    "cli/fleet_fork.py": "nobody is there any more to whom it could be told",
    "cli/fleet_shard.py": "a result of a fleet has the code that the command would have",
}


def test_one_place_turns_an_error_into_an_exit_code() -> None:
    """`main`; no other command takes an error's code, and none but the emulator's ends by itself."""
    words = {"sys.exit", "typer.Exit", "os._exit", "SystemExit"}
    ending = {
        place
        for word in ("xit(", "Exit", "exit_code")
        for place, node in everywhere(word)
        if isinstance(node, ast.Attribute | ast.Name)
        and (ast.unparse(node) in words or (isinstance(node, ast.Attribute) and node.attr == "exit_code"))
    }

    assert ending == {*ENDS}


CHANCE = re.compile(
    r"(datetime\.now|datetime\.today|datetime\.utcnow|dt\.datetime\.now|date\.today|(uuid\.)?uuid[14]"
    r"|time\.\w+|perf_counter|monotonic|random\.\w+|secrets\.token_\w+|os\.urandom|asyncio\.sleep)"
)
# Who reads a clock or draws by itself: the ends, and what stands where an argument is not given.
WIRED = {
    "cli": "it gives the clock and chance of this machine to what it calls",
    "emulator": "a server: its clock is its own",
    "testcontainers": "waits for a container",
    "pytest_plugin": "the time of a test",
}
DRAWN = {
    "apply/run.py: secrets.token_hex(16)": "what `draw` is where no other is given",
    "graph/client.py: asyncio.sleep(0)": "lets others go on; no time",
}


def called_by_chance(path: Path) -> Iterator[str]:
    """Yield each call that reads a clock, waits or draws, but for the lambdas that arguments default to."""
    defaults = {
        id(inner)
        for node in nodes(path)
        if isinstance(node, ast.arguments)
        for default in (*node.defaults, *filter(None, node.kw_defaults))
        for inner in ast.walk(default)
    }
    for node in nodes(path):
        if (
            isinstance(node, ast.Call)
            and id(node) not in defaults
            and CHANCE.fullmatch(ast.unparse(node.func))
        ):
            yield f"{path.relative_to(PACKAGE).as_posix()}: {ast.unparse(node)}"


def test_time_ids_progress_and_chance_are_arguments() -> None:
    """No room reads a clock, waits, draws or tells how far it is by itself, but the ends of the tool."""
    inner = [path for room in sorted(ROOMS - {*WIRED}) for path in files(room)]
    drawn = [each for path in inner for each in called_by_chance(path)]
    printing = {
        path.relative_to(PACKAGE).as_posix()
        for path in inner
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"print", "sys.stdout.write", "typer.echo"}
    }

    assert sorted(drawn) == sorted(DRAWN)
    # What makes a page of docs/, run by itself.
    assert {place for place in printing if "__main__" not in (PACKAGE / place).read_text("utf-8")} == set()
    assert all(any(called_by_chance(path) for path in files(room)) for room in WIRED)


SEAM = {
    "authority",
    "aws",
    "clouds",
    "connect",
    "credentials",
    "discovery",
    "endpoint",
    "handing_over",
    "http",
}


def test_the_pipeline_does_not_know_what_is_behind_the_transport() -> None:
    """From reading to reading back: no room of it knows a cloud, a credential, an emulator or HTTP."""
    pipeline = (*PURE, "actual", "apply", "pinning", "reconcile", "stopping")
    knowing = {
        f"{path.relative_to(PACKAGE).as_posix()}: {name}"
        for room in pipeline
        for path in files(room)
        for name in imported(path, "")
        if name.startswith(("httpx", "entra_config.emulator"))
        or (name.startswith("entra_config.graph.") and name.split(".")[2] in SEAM)
    }
    saying = {
        path.relative_to(PACKAGE).as_posix()
        for room in pipeline
        for path in files(room)
        for node in nodes(path)
        if (isinstance(node, ast.Constant) and node.value == "emulator") or named(node) == "EMULATOR"
    }

    assert (knowing, saying) == (set(), set())
    assert {f"entra_config.graph.{name}" for name in SEAM} <= {
        f"entra_config.graph.{path.stem}" for path in files("graph")
    }


def spelled(path: Path) -> Iterator[str]:
    """Yield each place where an answer of Graph is looked up by a word, or by a tuple of words."""
    for node in nodes(path):
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript):
            held, key = node.value, node.slice
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"get", "first", "rows"}
        ):
            held, key = node.func.value, next(iter(node.args), None)
        words = (
            [each for each in ast.walk(key) if isinstance(each, ast.Constant)]
            if isinstance(key, ast.Tuple)
            else [key]
        )
        if key is not None and ast.unparse(held).rpartition(".")[2] in {"responses", "live"}:
            yield from (f"{path.name}:{key.lineno}" for word in words if isinstance(word, ast.Constant))


def test_questions_are_asked_as_objects() -> None:
    """Whatever was read is looked up by the question that asked for it: two that differ by a letter cannot
    be.
    """
    names = [each.name for each in vars(details).values() if isinstance(each, details.Detail)]

    assert [
        place
        for room in ("actual", "kinds", "checks", "drift")
        for path in files(room)
        for place in spelled(path)
    ] == []
    assert len(names) == len(set(names)) == 10


def test_a_class_name_stands_once_in_the_package() -> None:
    """Whoever reads a name knows which class it is, of the engine, the emulator or a document."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(path.relative_to(PACKAGE).as_posix())

    assert {name: where for name, where in places.items() if len(where) > 1} == {}
    assert len(places) > 400


def clauses(path: Path) -> Iterator[str]:
    """Yield each comprehension of a file that has more than two clauses, `for` and `if` together."""
    for node in nodes(path):
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            count = len(node.generators) + sum(len(each.ifs) for each in node.generators)
            if count > 2:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno} has {count}"


def test_a_comprehension_reads_at_a_glance() -> None:
    """Two clauses, as `for … if …` or `for … for …`; what needs more is a loop or has a step with a name
    before it.
    """
    checked = [path for room in sorted(ROOMS) for path in files(room)]

    assert [place for path in checked for place in clauses(path)] == []


# Functions that say the same, each with what speaks against one of them.
ALIKE = {
    # The same loop, of questions of two types that each answers with its own items.
    ("actual/fetch.py:details", "actual/fetch.py:every"),
    # The first letter of a name, and of a sentence: neither room knows the other, nor should for that.
    ("manifest/published/starter.py:title", "report/drift_html.py:_capital"),
}


def test_nothing_is_written_twice() -> None:
    """No function of any size does what another does, step for step; the emulator is a reading of its own and
    is compared with itself.
    """
    modules = {path.relative_to(PACKAGE).as_posix(): tree(path) for path in sorted(PACKAGE.rglob("*.py"))}
    emulator = {name: each for name, each in modules.items() if name.startswith("emulator/")}
    engine = {name: each for name, each in modules.items() if name not in emulator}
    first = "def first(a: int, b):\n    'Say it.'\n    c = [a * 2 for a in range(a)]\n    return b[c[0]]"
    second = "def second(x, y):\n    z = [x * 2 for x in range(x)]\n    return y[z[0]]"
    other = second.replace("y[z[0]]", "z[y[0]]")
    planted = {name: ast.parse(text) for name, text in (("a", first), ("b", second), ("c", other))}

    assert {tuple(each) for half in (engine, emulator) for each in twins(functions(half))} == ALIKE
    assert [*twins(functions(planted))] == [["a:first", "b:second"]]


# What runs: tests are as long as their stories, and what is generated is nobody's to read.
WRITTEN = ("entra_config", "api", "options", "bench", "dev", "tools", "examples", ".github", ".gitlab")
LONGEST_MODULE, LONGEST_FUNCTION = 300, 50


def written() -> list[Path]:
    """Return the modules that people write."""
    skipped = {".venv", "node_modules", "tests", "generated"}
    found = [path for folder in WRITTEN for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if not skipped & set(path.relative_to(ROOT).parts)]


def long_functions(path: Path) -> Iterator[str]:
    """Yield each function that is too long to be seen at once, from its name to its last line."""
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{path.name}:{node.lineno} {node.name} has {length}"


def test_a_module_has_one_idea_and_a_function_one_view() -> None:
    """300 lines and 50: what is longer is split by what it is about."""
    modules = written()
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules
    }

    assert {path: n for path, n in lengths.items() if n > LONGEST_MODULE} == {}
    assert [each for path in modules for each in long_functions(path)] == []
    assert len(modules) > 700


def test_one_profile_of_hypothesis_is_loaded_by_every_suite() -> None:
    """At the top, where each suite that runs alone finds it; no test has a deadline of its own, or none."""
    made = re.compile(r"\b(?:deadline[=]|(?:register|load)_profile\()")
    tops = [ROOT / top for top in (*WRITTEN, "tests")]
    files = [*ROOT.glob("*.py"), *(file for top in tops for file in top.rglob("*.py"))]
    places = {
        path.relative_to(ROOT)
        for path in files
        if not {".venv", "node_modules"} & set(path.parts) and made.search(path.read_text(encoding="utf-8"))
    }

    assert places == {Path("conftest.py")}
    assert hypothesis.settings().deadline is None


NAMES = {kind.name for kind in KINDS}
OWN = ("kinds/", "emulator/")  # those that own the names, and the stranger whose names are Graph's
# `application` and `owner` are words of other things as well: of them only what is told apart is looked at.
WORDS = {"application", "owner"}
# A key of the manifest is called as a kind is: who reads it, and who writes it.
KEY, READ_OR_WRITE = "enterpriseApplication", ("manifest/", "importing/application.py")
# Where a kind's name stands in an address or beside a `.kind`, and why.
NAMED = {
    "manifest/environments/placeholders.py: Address('application', key)": "a placeholder says which",
    "drift/creators.py: each.attribution.actor.kind == 'application'": "of who did something",
    "report/drift_wording.py: who.kind": "the same",
    "lint/power.py: each.kind == 'application'": "of a permission, delegated or application",
    "lint/rules/permission_app_where_delegated.py: each.kind == 'application'": "the same",
    "lint/rules/permission_unconsented.py: each.kind == 'application'": "the same",
}


def others() -> Iterator[tuple[str, ast.AST]]:
    """Yield each node of the files that own no kind, with the file's place."""
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if not place.startswith(OWN):
            yield from ((place, node) for node in nodes(path))


def test_kinds_are_named_by_themselves_alone() -> None:
    """Nobody else says a word that is nothing but a kind's name."""
    said = {(place, node.value) for place, node in others() if isinstance(node, ast.Constant)}
    naming = {(place, word) for place, word in said if word in NAMES - WORDS}

    assert {each for each in naming if each[1] != KEY or not each[0].startswith(READ_OR_WRITE)} == set()
    assert naming


def reported_apart(places: Iterable[tuple[str, ast.AST]]) -> Iterator[str]:
    """Yield each address made of a kind's name, and each `.kind` that is held against one: as it is
    written, or by a constant of any module.
    """
    places = tuple(places)
    constants = {
        name.id
        for _, node in places
        if isinstance(node, ast.Assign) and says(node.value)
        for name in node.targets
        if isinstance(name, ast.Name)
    }
    for place, node in places:
        match node:
            case ast.Call(func=ast.Name("Address") | ast.Attribute(attr="Address")):
                held, against = [ast.Attribute(attr="kind")], [*node.args[:1], *node.keywords]
            case ast.Compare():
                held, against = [node.left, *node.comparators], [node.left, *node.comparators]
            case ast.Match():
                held, against = [node.subject], [case.pattern for case in node.cases]
            case ast.Subscript():
                held, against = [node.slice], [node.value]
            case _:
                continue
        of_kind = any(
            isinstance(inner, ast.Attribute) and inner.attr == "kind"
            for each in held
            for inner in ast.walk(each)
        )
        if of_kind and any(says(inner, constants) for each in against for inner in ast.walk(each)):
            yield f"{place}: {ast.unparse(node.subject if isinstance(node, ast.Match) else node)}"


def says(node: ast.AST, constants: Collection[str] = ()) -> bool:
    """Tell whether a node is a kind's name, or one of the constants that are."""
    match node:
        case ast.Constant(value):
            return isinstance(value, str) and value in NAMES
        case ast.Name(name) | ast.Attribute(attr=name):
            return name in constants
    return False


def test_no_room_tells_kinds_apart_by_name() -> None:
    """What it needs to know, the kind says, or the type of a resource's facts."""
    assert {*reported_apart(others())} == {*NAMED}


@pytest.mark.parametrize(
    "written",
    [
        "Address('owner', key)",
        "Address(kind='owner', key=key)",
        "resource.Address(held.APPLICATION, key)",
        "change.before.address.kind == APPLICATION",
        "change.before.address.kind in {'application', 'owner'}",
        "'application' != address_of(change).kind",
        "{'owner': 1}[place.kind]",
        "match ref.address.kind:\n    case 'a' | 'application':\n        pass",
    ],
)
def test_a_kind_that_is_told_apart_is_seen(written: str) -> None:
    """In each way to write it."""
    walked = ast.walk(ast.parse(f"APPLICATION = 'application'\n{written}"))

    assert len([*reported_apart(("here", node) for node in walked)]) == 1
