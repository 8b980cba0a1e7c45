"""`fleet list` and `fleet explain` as a person reads them, to the letter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entra_config.cli.main import main
from entra_fleet.run import deciding
from tests.unit.fleet.files import loaded
from tests.unit.fleet.fleet_made import GATE, ONE, TENANTS, TWO, fleet, hashed


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run a command; return its code and what it wrote."""
    code = main(["fleet", words[0], "--no-color", *words[1:]])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_list_is_a_line_of_each_shard(fleet_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its name, wave, chunk, hash and tags; how many there are in how many tenants."""
    shards = loaded(fleet_folder)
    waves = {name: each.placed.wave for name, each in shards.items()}
    short = {name: hashed(each)[:12] for name, each in shards.items()}
    wave, empty = f"wave {waves[TWO]}", str(5 - waves[TWO])
    assert run(capsys, "list")[::2] == (0, "")
    assert run(capsys, "list")[1] == (
        f"{GATE:18}{'wave 1':20}{short[GATE]}  eu\n"
        f"{ONE:18}{'wave 1':20}{short[ONE]}  eu\n"
        f"{TWO:18}{wave:20}{short[TWO]}\n"
        "3 shards in 2 tenants\n"
    )  # fmt: skip
    assert run(capsys, "list", "--names")[1] == f"{GATE}\n{ONE}\n{TWO}\n"
    assert run(capsys, "list", "--names", "--chunks", "2", "--chunk", "2")[1] == f"{TWO}\n"
    chunked = run(capsys, "list", "--chunks", "2", "--tag", "eu", "--project", "myapp")[1]
    assert chunked == f"{ONE:15}{'wave 1, chunk 1':20}{short[ONE]}  eu\n1 shards in 1 tenants\n"
    assert run(capsys, "list", "--wave", empty)[1] == "0 shards in 0 tenants\n"
    assert run(capsys, "list", "--wave", empty, "--chunks", "2")[1] == "0 shards in 0 tenants\n"
    assert run(capsys, "list", "--names", "--wave", "1")[1] == f"{GATE}\n{ONE}\n"


def test_the_list_is_a_document(fleet_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each property of the schema; the flags are a part of the hash."""
    shards = loaded(fleet_folder)
    code, out, err = run(
        capsys, "list", "--json", "--chunks", "1", "--allow", "many", "--project", "platform"
    )
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "version": 2, "kind": "fleet", "tool": deciding.tool(), "chunks": [1], "lockFilesWithoutTenant": [],
        "shards": [
            {
                "name": GATE, "tenant": "contoso", "tenantId": TENANTS["contoso"], "project": "platform",
                "owner": "platform/customer", "wave": 1, "tags": ["eu"], "chunk": 1,
                "hash": hashed(shards[GATE], "many"),
            }
        ],
    }  # fmt: skip
    assert out.startswith('{\n  "version": 2,')
    assert out.endswith("}\n")
    (plain, *_) = json.loads(run(capsys, "list", "--json")[1])["shards"]
    assert (plain["chunk"], plain["hash"]) == (None, hashed(shards[GATE]))


def test_a_chunk_is_of_some_number(capsys: pytest.CaptureFixture[str]) -> None:
    """Which is said."""
    said = "error: --chunk K needs --chunks N: of how many\n"
    assert run(capsys, "list", "--chunk", "1") == (1, "", said)


def test_what_is_left_over_is_said(fleet_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lock file of a tenant that the fleet does not have."""
    path = fleet_folder / "myapp/locks/customer/gone.lock.yaml"
    path.parent.mkdir(parents=True)
    path.touch()
    code, _, err = run(capsys, "list")
    words = (
        "the fleet has no such tenant: destroy its applications there first, release them, or delete the file"
    )
    assert code == 0
    assert " ".join(err.split()).endswith(f"myapp/locks/customer/gone.lock.yaml: {words}")


def test_what_is_as_it_was_is_not_listed(fleet_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of what went it is said that nothing is removed."""
    path = "platform/entra-config.yaml"
    fleet(fleet_folder / "then", **{path: (fleet_folder / path).read_text().replace("before", "x")})
    assert run(capsys, "list", "--names", "--base", "then") == (0, f"{GATE}\n", "")
    text = (fleet_folder / "fleet.yaml").read_text()
    (fleet_folder / "fleet.yaml").write_text(text.replace("projects: [myapp, platform]", "projects: [myapp]"))
    said = f"{GATE}: was there at then; leaving a fleet removes nothing\n"
    assert run(capsys, "list", "--names", "--base", "then") == (0, "", said)


def test_each_value_is_explained(fleet_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With who said it, where, and what that replaced."""
    code, out, err = run(capsys, "explain", ONE, "applications.api.notes")
    assert (code, err) == (0, "")
    first, second, *rest = out.splitlines()
    assert first == 'applications.api.notes: "westeurope"  of "${region}"'
    assert second.startswith("    ")
    assert "entra-config.yaml:" in second
    assert rest == []
    whole = run(capsys, "explain", ONE)[1]
    assert out in whole
    assert 'applications.api.displayName: "MyApp One"  of "MyApp ${title}"\n' in whole
    title = run(capsys, "explain", ONE, "applications.api.type")[1].splitlines()[0]
    assert title == 'applications.api.type: "api"'
    missing = "error: `gone`: contoso/myapp says nothing there; try a shorter path, such as applications\n"
    assert run(capsys, "explain", ONE, "gone") == (1, "", missing)
