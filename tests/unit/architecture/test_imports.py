"""Who may import what: pipeline, emulator, typed client, YAML, and what is behind the transport."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from tests.unit.architecture.sources import (
    PACKAGE,
    PURE,
    ROOT,
    files,
    imported,
    list_files,
    list_package,
    name_place,
    named,
    nodes,
)


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


def test_one_module_alone_runs_the_typed_client() -> None:
    """`graph/sdk.py`: others may name its types, and import none of it."""
    running = [
        name_place(path)
        for path in list_files()
        if any(name.partition(".")[0] in {"msgraph", "msgraph_core"} for name in imported(path, ""))
    ]

    assert running == ["graph/sdk.py"]


def test_yaml_is_read_in_one_module() -> None:
    """Others name types of nodes, events and errors."""
    places = set()
    for path in list_files():
        for node in nodes(path):
            names = (
                [each.name for each in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            )
            of = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            types = of == "yaml" and all(name.endswith(("Node", "Event", "Error")) for name in names)
            if "yaml" in {name.partition(".")[0] for name in ([of] if of else names)} and not types:
                places.add(name_place(path))

    assert places == {"manifest/reading/yaml.py"}


# It reads the keys that sign tokens, to forge tokens with them.
FORGER = ROOT / "options/tests/tokens.py"


def _imports_of_emulator(paths: Iterable[Path]) -> set[tuple[str, str]]:
    """Return each file that imports the emulator, with the module that it imports."""
    return {
        (name_place(path), f"{node.module}.{alias.name}".split(".")[1])
        for path in paths
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "entra_emulator"
        for alias in node.names
    }


def test_few_modules_import_the_emulator_and_only_its_api() -> None:
    """What runs the engine needs no emulator, and what runs an emulator needs to know one module of it."""
    importers = _imports_of_emulator(
        path for path in list_files() if not path.is_relative_to(ROOT / "entra_emulator")
    )

    assert {module for _, module in importers} == {"api"}
    allowed = (
        "cli/demo/",
        "cli/emulator",
        "emulator_labels/",
        "pytest_plugin/",
        "testing/",
        "testcontainers.py",
    )
    assert {place for place, _ in importers if not place.startswith(allowed)} == set()


def test_programs_beside_the_packages_import_only_the_api_of_the_emulator() -> None:
    """`init --with-apps` copies `dev/` into projects that install the wheel; `options/` runs on it too."""
    written = {*list_package("dev"), *list_package("options")} - {FORGER}

    assert {module for _, module in _imports_of_emulator(written)} == {"api"}


SEAM = {
    "authority",
    "aws",
    "clouds",
    "connect",
    "credentials",
    "discovery",
    "endpoint",
    "http",
}


def test_the_pipeline_does_not_know_what_is_behind_the_transport() -> None:
    """From reading to reading back: no room of it knows a cloud, a credential, an emulator or HTTP."""
    pipeline = (*PURE, "actual", "apply", "pinning", "reconcile", "stopping")
    knowing = {
        f"{name_place(path)}: {name}"
        for room in pipeline
        for path in files(room)
        for name in imported(path, "")
        if name.startswith(("httpx", "entra_emulator"))
        or (name.startswith("entra_config.graph.") and name.split(".")[2] in SEAM)
    }
    saying = {
        name_place(path)
        for room in pipeline
        for path in files(room)
        for node in nodes(path)
        if (isinstance(node, ast.Constant) and node.value == "emulator") or named(node) == "EMULATOR"
    }

    assert (knowing, saying) == (set(), set())
    assert {f"entra_config.graph.{name}" for name in SEAM} <= {
        f"entra_config.graph.{path.stem}" for path in files("graph")
    }
