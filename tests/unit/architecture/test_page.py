"""The picture, the layers, the numbers and the contracts of docs/architecture.md are those of the code."""

from __future__ import annotations

import re

from entra_config.apply import attempt
from entra_config.graph import batch, http, paging, retry
from entra_config.plan.steps import Phase
from tests.unit.architecture.contracts import CONTRACTS, PACKAGE_LAYERS, ROOM_LAYERS, contract
from tests.unit.architecture.page import PAGE, cell_names
from tests.unit.architecture.sources import PACKAGE, PACKAGES, PURE, ROOMS, rooms


def test_the_page_has_the_layers_that_are_checked() -> None:
    """The packages and the rooms of each, line by line; every room is in one line."""
    section = PAGE.partition("## Layers")[2]
    blocks = [block.splitlines() for block in re.findall(r"```text\n(.*?)```", section, re.DOTALL)]
    shown = {package: contract(name)["layers"] for package, name in ROOM_LAYERS.items()}

    assert blocks == [contract(PACKAGE_LAYERS)["layers"], *shown.values()]
    assert {*shown} == {*PACKAGES}
    for package, layers in shown.items():
        assert {room for layer in layers for room in layer.split(" | ")} == rooms(package)


def test_the_picture_s_rooms_are_the_pipeline() -> None:
    """Each word of the pipeline, in order, and each folder of the picture is a room or a package."""
    picture = PAGE.partition("```mermaid")[2].partition("```")[0]
    steps = re.findall(r'\["(\w+) · ([\w/.]+):', picture)

    assert [word for word, _ in steps] == ["read", "identify", "states", "judge", "diff", "expand", "apply"]
    assert all((PACKAGE / place).exists() for _, place in steps)
    drawn = {place for place in re.findall(r"\b(\w+)/(?=[: ])", picture) if place != "manifests"}
    others = {*PACKAGES} - {"entra_config"}
    assert drawn == {room for room in ROOMS if (PACKAGE / room).is_dir()} | others


def test_the_page_says_the_phases_and_the_bounds_that_the_code_has() -> None:
    """The order of writes, and every number of what is bounded and waited for."""
    words = " ".join(PAGE.split())
    phases = ", ".join(each.name.lower() for each in Phase)

    assert f": {phases}." in words
    for said in (
        f"{http.LARGEST // 2**20} MB and {http.SLOWEST:.0f} seconds for one answer",
        f"{paging.MOST_PAGES:,} pages and {({1_000_000: 'a million'})[paging.MOST_ITEMS]} items for one list",
        f"stay below {({600: 'ten'})[int(retry.SERVER.patience)]} minutes",
        f"for {({300: 'five'})[int(retry.READ_BACK.patience)]} minutes",
        f"{({20: 'twenty'})[batch.LIMIT]} to a batch",
        f"could show it ({attempt.EXTERNAL.patience:.0f} s)",
    ):
        assert said in words, said


def test_the_page_names_every_contract() -> None:
    """What import-linter holds is said there by its name, the layers by their picture."""
    names = {each["name"] for each in CONTRACTS} - {PACKAGE_LAYERS, *ROOM_LAYERS.values()}

    assert {name for name in names if f'the contract "{name}"' not in PAGE} == set()
    (line,) = [each for each in PAGE.splitlines() if each.endswith("clocks and chance |")]
    pure = {name.removeprefix("entra_config.") for name in contract("The plan does no I/O")["source_modules"]}
    assert {*cell_names(line.split("|")[1])} == {*PURE} == pure
    layered = [each for each in CONTRACTS if each["type"] == "layers" and each["name"] != PACKAGE_LAYERS]
    assert all(each["exhaustive"] and not each["exhaustive_ignores"] for each in layered)
