"""A fleet and what it was: what is not planned is exactly what the same decides as then."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.seeds import sample
from tests.unit.cli.git_folder import commit
from tests.unit.cli.ran import Run
from tests.unit.fleet.drawn_edits import EDITS
from tests.unit.fleet.files import FILES, NAMES, hashes, write


def _listed(run: Run, *options: str) -> list[str]:
    ran = run("fleet", "list", "--names", *options)
    assert ran.code == 0, ran.err
    return ran.out.split()


@pytest.mark.parametrize("number", sample("what is not as it was", range(300), 12))
def test_a_base_names_exactly_the_shards_whose_hash_is_another(run: Run, folder: Path, number: int) -> None:
    """Whatever is edited, two edits each: the hashes of a copy of what was there decide, not git."""
    random = Random(f"base {number}")
    before = folder / "before"
    write(folder / "now", FILES)
    write(before, FILES)
    texts = dict(FILES)
    for edit in random.sample(EDITS, 2):
        edit(texts, random)
    write(folder / "now", texts)
    then = hashes(before)
    expected = [name for name, each in hashes(folder / "now").items() if then.get(name) != each]
    fleet = ("--fleet", str(folder / "now/fleet.yaml"))

    assert _listed(run, *fleet, "--base", str(before)) == expected
    chunks = json.loads(run("fleet", "list", *fleet, "--base", str(before), "--chunks", "9", "--json").out)
    assert [each["name"] for each in chunks["shards"]] == expected
    assert bool(chunks["chunks"]) == bool(expected)


def test_a_revision_of_git_is_a_base(run: Run, folder: Path) -> None:
    """Committed, edited in hand, in a folder of the repository that is not its top; a tenant left."""
    write(folder / "fleets/eu", FILES)
    commit()
    fleet = ("--fleet", "fleets/eu/fleet.yaml")
    assert _listed(run, *fleet, "--base", "HEAD") == []
    write(
        folder / "fleets/eu",
        {"tenants/fabrikam.yaml": "tenants: { fabrikam: { variables: { title: Three } } }\n"},
    )
    assert _listed(run, *fleet, "--base", "main") == ["fabrikam/myapp"]
    assert _listed(run, *fleet, "--base", "main", "--tag", "eu") == []

    root = folder / "fleets/eu/fleet.yaml"
    text = root.read_text(encoding="utf-8")
    write(folder, {"fleets/eu/fleet.yaml": text.replace("projects: [myapp, platform]", "projects: [myapp]")})
    ran = run("fleet", "list", *fleet, "--base", "main", "--names")
    assert ran.out.split() == ["fabrikam/myapp"]
    assert "contoso/platform: was there at main; leaving a fleet removes nothing" in ran.err


def test_where_there_was_no_fleet_that_holds_every_shard_counts_as_changed(run: Run, folder: Path) -> None:
    """One that is new, one that was broken, one tenant that was; a revision that is none is an error."""
    write(folder, {"README.md": "nothing yet\n"})
    commit()
    write(folder, FILES)
    ran = run("fleet", "list", "--names", "--base", "main")
    assert (ran.code, ran.out.split()) == (0, NAMES)
    assert "--base main: there was no fleet; every shard counts as changed" in ran.err

    write(folder / "broken", {**FILES, "fleet.yaml": "tenants: 1\n"})
    ran = run("fleet", "list", "--names", "--base", "broken")
    assert (ran.code, ran.out.split()) == (0, NAMES)
    assert "--base broken: the fleet did not hold: " in ran.err

    write(folder / "one", {**FILES, "tenants/contoso.yaml": "tenants: { contoso: { variables: {} } }\n"})
    assert _listed(run, "--base", "one") == ["contoso/myapp"]
    assert run("fleet", "list", "--base", "no-such").code == 1


def test_a_guard_of_the_fleet_is_told_where_no_shard_is_planned_for_it(run: Run, folder: Path) -> None:
    """Limits and waves are in no shard's hash: the report tells them, and to no single customer."""
    root = "myapp/entra-config.yaml"
    files = 'files: [{ path: more.yaml, mayDeclare: ["applications/more/notes", "applications/api/tags"] }]\n'
    said = {
        **FILES,
        root: files + FILES[root],
        "myapp/more.yaml": "applications: { api: { tags: [more] } }\n",
    }
    write(folder / "before", said)
    text = FILES["fleet.yaml"].replace("/variables", "")
    write(
        folder,
        {
            **said,
            root: said[root].replace("more/notes", "more"),
            "fleet.yaml": f"limits: {{ people: 70, failedTenants: 100% }}\n{text}",
        },
    )
    (folder / "results").mkdir()
    words = ("fleet", "report", "results", "--base", "before")
    ran = run(*words, "--format", "json")
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    assert [each["shard"] for each in found["notPlanned"]] == NAMES
    assert found["guards"] == [
        "`limits` of fleet.yaml: failedTenants 2% → 100%",
        "`limits` of fleet.yaml: people 50 → 70",
        "tenants/${file}.yaml may declare tenants/${file}",
        "myapp: more.yaml may declare applications/more",
    ]
    for form, said in (
        ("text", "Guard: `limits` of fleet.yaml: people 50 → 70"),
        ("markdown", "**Guards of the fleet that are lowered**"),
        ("html", "<h2>Guards of the fleet that are lowered</h2>"),
        ("sarif", '"ruleId": "fleet-guard"'),
    ):
        assert said in run(*words, "--format", form).out, form
    alone = run(*words, "--tenant", "contoso", "--format", "json").out
    assert (json.loads(alone)["guards"], "people 50" in alone) == ([], False)
    assert run("fleet", "report", "results", "--base", "before/myapp").code == 1


def test_what_is_not_planned_stands_in_the_report_once_and_is_no_error(run: Run, folder: Path) -> None:
    """Each shard once; the report's id is the one that an approval asks for, with a base or without."""
    write(folder / "before", FILES)
    write(folder, {**FILES, "tenants/fabrikam.yaml": "tenants: { fabrikam: { variables: { title: X } } }\n"})
    (folder / "results").mkdir()

    def report(*options: str) -> dict[str, Any]:
        return dict(json.loads(run("fleet", "report", "results", "--format", "json", *options).out))

    found, plain = report("--base", "before"), report()
    assert [each["shard"] for each in found["withoutResult"]] == ["fabrikam/myapp"]
    assert [each["shard"] for each in found["notPlanned"]] == NAMES[:2]
    assert (found["id"], plain["notPlanned"]) == (plain["id"], [])
    for form, said in (
        ("text", "Not planned: contoso/platform, contoso/myapp: nothing that decides it has changed since"),
        ("markdown", "**Not planned**"),
        ("html", "<h2>Not planned</h2>"),
    ):
        ran = run("fleet", "report", "results", "--base", "before", "--format", form)
        assert (ran.code, said in ran.out, "2 not planned" in ran.out) == (1, True, True)
    write(folder, FILES)
    assert run("fleet", "report", "results", "--base", "before").code == 0
    assert run("fleet", "report", "results").code == 1
    ran = run("fleet", "report", "results", "--base", "before", "--approval", "approval.json")
    assert (ran.code, "leave --run and --base out" in ran.err) == (1, True)
