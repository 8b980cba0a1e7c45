"""`fleet list` and `fleet explain`: the shards of a fleet, and what each value of one comes of."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.unit.cli.ran import ROOT, Run
from tests.unit.fleet.files import FILES, FLEET, write


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    """Write a fleet."""
    write(folder, FILES)


def test_the_list_has_every_shard_in_order_with_a_hash(run: Run) -> None:
    """As text, as names for `xargs`, and as a document that its schema takes."""
    ran = run("fleet", "list")
    assert ran.code == 0
    *rows, last = ran.out.splitlines()
    assert last == "3 shards in 2 tenants"
    names = ["contoso/platform", "contoso/myapp", "fabrikam/myapp"]
    assert run("fleet", "list", "--names").out.split() == names

    document = json.loads(run("fleet", "list", "--json").out)
    schema = json.loads((ROOT / "docs/schemas/fleet.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    assert [each["name"] for each in document["shards"]] == names
    assert [each["owner"] for each in document["shards"]] == [
        "platform/customer",
        "myapp/customer",
        "myapp/customer",
    ]
    assert len({each["hash"] for each in document["shards"]}) == 3
    assert [row.split() for row in rows] == [
        [each["name"], "wave", str(each["wave"]), each["hash"][:12], *each["tags"]]
        for each in document["shards"]
    ]
    allowed = json.loads(run("fleet", "list", "--json", "--allow", "many").out)
    assert not {each["hash"] for each in document["shards"]} & {each["hash"] for each in allowed["shards"]}


def test_a_lock_file_without_a_tenant_is_told(run: Run, folder: Path) -> None:
    """Leaving the fleet removes nothing: what to do stands beside the file."""
    write(folder, {"myapp/locks/customer/gone.lock.yaml": ""})
    ran = run("fleet", "list", "--json")
    assert json.loads(ran.out)["lockFilesWithoutTenant"] == ["myapp/locks/customer/gone.lock.yaml"]
    words = "destroy its applications there first, release them, or delete the file"
    told = f"myapp/locks/customer/gone.lock.yaml: the fleet has no such tenant: {words}"
    assert told in " ".join(ran.err.split())


def test_what_is_wrong_in_a_tenant_is_told_before_anything_is_listed(run: Run, folder: Path) -> None:
    """A variable that one tenant lacks, with the place that needs it."""
    write(folder, {"tenants/fabrikam.yaml": "tenants: { fabrikam: { variables: {} } }\n"})
    ran = run("fleet", "list")
    assert (ran.code, ran.out) == (1, "")
    assert "myapp/entra-config.yaml:7:18: `${title}` is not a variable of this environment." in ran.err


def test_each_value_has_the_place_that_said_it_and_what_that_replaced(run: Run, folder: Path) -> None:
    """From the project's files up to the tenant's own."""
    over = "overrides: { myapp: { applications: { api: { notes: mine } } } }, "
    write(folder, {"fleet.yaml": FLEET.replace("tags: [eu], projects", f"tags: [eu], {over}projects")})
    ran = run("fleet", "explain", "contoso/myapp", "applications.api.notes")
    assert ran.out.splitlines() == [
        'applications.api.notes: "mine"',
        "    tenant contoso  fleet.yaml:9:126",
        '    instead of "${region}", the project\'s files  myapp/entra-config.yaml:8:12',
    ]
    assert run("fleet", "explain", "contoso/myapp", "variables.region").out.splitlines() == [
        'variables.region: "westeurope"',
        "    layer 1  fleet.yaml:6:40",
        '    instead of "northeurope", environment customer  myapp/entra-config.yaml:3:72',
    ]
    assert '"MyApp Two"  of "MyApp ${title}"' in run("fleet", "explain", "fabrikam/myapp").out
    assert "environment.tenantId" in run("fleet", "explain", "fabrikam/myapp", "environment").out
    missing = (
        "error: `nothing`: fabrikam/myapp says nothing there; try a shorter path, such as applications\n"
    )
    assert run("fleet", "explain", "fabrikam/myapp", "nothing").err == missing
    assert "`fabrikam/myap` is not a shard" in run("fleet", "explain", "fabrikam/myap").err


def test_what_a_layer_took_out_is_explained_no_more(run: Run, folder: Path) -> None:
    """`null` for a role: the value is null, and what was below it is gone."""
    over = "overrides: { myapp: { applications: { api: { appRoles: null } } } }, "
    off = "appRoleAssignments: { api: {} }"
    layered = FLEET.replace("tags: [eu], projects", f"tags: [eu], {over}projects")
    write(folder, {"fleet.yaml": layered, "myapp/entra-config.yaml": FILES["myapp/entra-config.yaml"].replace(
        "appRoleAssignments: { api: { Reader: { groups: [MyApp Admins] } } }", off)})  # fmt: skip
    shown = run("fleet", "explain", "contoso/myapp", "applications.api.appRoles").out
    assert "applications.api.appRoles: null" in shown
    assert "applications.api.appRoles.Reader" not in shown
