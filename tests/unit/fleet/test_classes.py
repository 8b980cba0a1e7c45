"""Kinds of plans: who stands together, and who never does."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Any

import pytest

from entra_config import reconcile
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.testing import populating
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_fleet.groups import classes
from entra_fleet.groups.classes import PlanKind
from tests.unit.fleet.files import NOW, loaded, write

ROOT = """\
project: myapp
environments: { customer: { fleet: true, deployers: credential, ownDomains: [own.example.com] } }
applications:
  api:
    type: api
    displayName: MyApp ${title}
    notes: banana and ${title}
    appRoles: { Reader: { description: Reads., isEnabled: "${enabled}" } }
  spa:
    type: spa
    displayName: Page of ${title}
    redirectUris: ["${url}", "https://shared.example.com/"]
  job:
    type: daemon
    displayName: Job
    federatedCredentials: { hub: { issuer: "https://token.example.com", subject: "repo:${subject}" } }
appRoleAssignments: { api: { Reader: { groups: ["${group}"] } } }
"""
NUMBERS = range(6)


def _tenant(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def _traits(random: Random) -> dict[str, Any]:
    """Draw what a tenant is: first what is taken out, then what never is."""
    return {
        "title": random.choice(["a", "b", "Contoso & Söhne", "MyApp", "banana"]),
        "group": random.choice(["Staff", "Everybody"]),
        "path": random.choice(["", "x/"]),
        "host": random.choice(
            [
                "https://one.example.com",
                "https://two.example.com",
                "https://a.own.example.com",
                "https://b.own.example.com",
                "https://aown.example.com",
            ]
        ),
        "enabled": random.choice([True, True, True, False]),
        "subject": random.choice(["same", "same", "other"]),
        "notes": random.choice(["", "", "said by hand"]),
        "people": random.choice([3, 9, 11]),
    }


def _row(number: int, traits: dict[str, Any]) -> str:
    words = {name: traits[name] for name in ("title", "group", "subject")}
    words["url"] = f"{traits['host']}/{traits['path']}"
    said = ", ".join(f'{name}: "{value}"' for name, value in words.items())
    over = (
        f"{{ myapp: {{ applications: {{ api: {{ notes: {traits['notes']} }} }} }} }}"
        if traits["notes"]
        else "{}"
    )
    enabled = str(traits["enabled"]).lower()
    return (
        f"  t{number}: {{ tenantId: {_tenant(number)}, projects: [myapp], overrides: {over}, "
        f"variables: {{ {said}, enabled: {enabled} }} }}\n"
    )


async def _kinds(folder: Path, every: dict[int, dict[str, Any]], root: str = ROOT) -> dict[int, PlanKind]:
    head = (
        "projects: { myapp: { manifest: myapp, environment: customer } }\n"
        f"credential: {{ kind: github, clientId: {seed.DEPLOYER_APP_ID} }}\ntenants:\n"
    )
    rows = "".join(_row(number, traits) for number, traits in every.items())
    write(folder, {"fleet.yaml": head + rows, "myapp/entra-config.yaml": root})
    emulator = Embedded.create(seed="kinds")
    found = {}
    for number, (name, shard) in enumerate(loaded(folder).items()):
        assert name == f"t{number}/myapp"
        populating.populate(emulator.directory, shard.manifest)
        tenant = emulator.directory.tenants[_tenant(number)]
        for one in range(every[number]["people"]):
            user = seed.add_user(tenant, f"u{one}@{tenant.initial_domain}", f"User {one}")
            tenant.members.add(seed.fixed_id(tenant.tenant_id, "group", every[number]["group"]), user["id"])
        caller = emulator.app_caller(tenant_id=tenant.tenant_id)
        identity = Identity(caller.tid, caller.oid, caller.appid, "deployer")
        credential = FixedToken(emulator.token(caller), identity)
        async with await connect("emulator", credential=credential, transport=emulator.transport()) as graph:
            found[number] = classes.of_plan(await reconcile.plan(shard.manifest, graph, now=NOW), shard)
    return found


def test_what_was_taken_out_is_told_with_its_place(tmp_path: Path) -> None:
    """What the manifest says there, and what it is in this tenant; the words around a variable stay."""
    random = Random("taken")
    every = {number: {**_traits(random), "title": "a", "notes": ""} for number in NUMBERS}
    kind = asyncio.run(_kinds(tmp_path, every))[0]
    said = {(each.declared, each.value) for each in kind.taken}
    assert {("MyApp ${title}", "MyApp a"), ("banana and ${title}", "banana and a")} <= said
    assert "+ application api" in kind.headline
    assert any(each.declared == "${url}" and each.value.startswith("https://") for each in kind.taken)


def test_whom_a_name_without_a_variable_means_is_another_object_in_each_tenant(tmp_path: Path) -> None:
    """Only our own objects' ids and what `${…}` filled are taken out."""
    random = Random("literal")
    plain = {**_traits(random), "group": "Staff", "people": 3}
    every = {number: dict(plain) for number in range(3)}
    filled = asyncio.run(_kinds(tmp_path / "filled", every))
    assert len({each.id for each in filled.values()}) == 1
    root = ROOT.replace('["${group}"]', "[Staff]")
    literal = asyncio.run(_kinds(tmp_path / "literal", every, root))
    assert len({each.id for each in literal.values()}) == 3
    assert all("api/Reader/group:Staff" in " ".join(each.headline) for each in literal.values())


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.own.example.com/x", "https://:None"),
        ("https://OWN.example.com:8443/x", "https://:8443"),
        ("http://own.example.com", "http://:None"),
        ("https://evilown.example.com/", "https://evilown.example.com"),
        ("https://own.example.com.evil.net/", "https://own.example.com.evil.net"),
        ("https://evil.net\\\\.own.example.com/", "https://evil.net\\\\.own.example.com"),
        ("https://own.example.com@evil.net/", "https://own.example.com@evil.net"),
        ("https://evil.net#@own.example.com/", "https://evil.net"),
        ("https://user@own.example.com/", "https://user@own.example.com"),
        ("https://[::1]/", "https://[::1]"),
        ("https://own.example.com:x/", None),
        ("https://other.net:8443/x?y", "https://other.net:8443"),
        ("myapp://", None),
        ("urn:x", None),
        ("https:///path", None),
        ("https://[::1", None),
    ],
)
def test_a_host_is_taken_out_only_where_every_reader_takes_it_for_ours(
    address: str, expected: str | None
) -> None:
    """A browser reads a backslash as a slash, and what stands before `@` as a name."""
    assert classes.outside_host(address.replace("\\\\", "\\"), {"own.example.com"}) == (
        expected.replace("\\\\", "\\") if expected else expected
    )


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "to 0"),
        (1, "to 10"),
        (10, "to 10"),
        (11, "to 100"),
        (1000, "to 1000"),
        (1001, "more"),
        (None, "unknown"),
    ],
)
def test_people_count_in_steps(count: int | None, expected: str) -> None:
    """To 10, 100, 1,000, more; who cannot be counted is a step of its own."""
    assert classes.step(count) == expected
