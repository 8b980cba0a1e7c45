"""Lock files."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.manifest import loader
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.reading.problems import Problems as Found
from tests.unit.manifest.conftest import TENANT, Load, Problems

A, B, C, D = (f"5c1b2f7e-0000-4000-8000-00000000000{n}" for n in range(4))
APP = """\
applications: { api: { type: api, displayName: API, appRoles: { R: x }, owners: [alice@contoso.com, Robot] } }
enterpriseApplications: { partner: Partner API }
appRoleAssignments: { api: { R: { users: [Alice@Contoso.com], groups: [All Staff, Free] } } }
"""


def _pin(text: str) -> None:
    Path("entra-config.dev.lock.yaml").write_text(text)


def test_pins_give_names_their_ids(load: Load) -> None:
    """Users by UPN without case, groups and service principals by name, ours by key; the rest stays unpinned."""
    pins = Lock(
        TENANT,
        {"alice@contoso.com": Pin(A)},
        {"All Staff": Pin(B)},
        {"Partner API": Pin(C), "Robot": Pin(D)},
        {"api": PinnedApplication(A, (B,), (C,))},
    )
    _pin(lock.write(pins, "dev"))
    manifest = load(APP)
    api = manifest.applications["api"]
    assert (api.app_id, api.locked, manifest.accepted) == (A, True, {A: {B, C}})
    assert [named.id for named in api.owners or ()] == [A, D]
    holders = manifest.assignments["api", "R"]
    assert [named.id for named in (*holders.users, *holders.groups)] == [A, B, None]
    partner = manifest.enterprise_applications["partner"].named
    assert partner is not None
    assert partner.id == C


@pytest.mark.parametrize(
    "name",
    [
        "All Staff",
        "012",
        "true",
        "1e3",
        "a: b",
        "# x",
        'q"u\\o',
        "é ☃",
        "- x",
        "{x}",
        "x ",
        "null",
        "\u202eevil",
        "a\tb",
        "*x",
        "@x",
        "",
        "~",
    ],
)
def test_what_is_written_is_read_back(name: str) -> None:
    """Any name survives, whatever YAML would make of it."""
    pins = Lock(
        TENANT,
        {name: Pin(C, name, D)},
        {name: Pin(A)},
        {},
        {"z": PinnedApplication(B), "a": PinnedApplication(None, (C, B), (D,))},
    )
    path = Path("x.lock.yaml")
    path.write_text(lock.write(pins, "dev"), encoding="utf-8")
    problems = Found()
    read = lock.read(path, problems)
    assert not problems
    assert dict(read.groups) == {name: Pin(A)}
    assert dict(read.users) == {name: Pin(C, name, D)}
    assert read.applications["a"] == PinnedApplication(None, (B, C), (D,))
    assert lock.write(read, "dev") == path.read_text(encoding="utf-8")


def test_the_order_is_stable() -> None:
    """Two ways of making the same pins are one text."""
    one, two = Lock(TENANT, {}, {"b": Pin(A), "a": Pin(B)}), Lock(TENANT, {}, {"a": Pin(B), "b": Pin(A)})
    assert lock.write(one, "dev") == lock.write(two, "dev")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tenantId: 22222222-2222-2222-2222-222222222222\n", "is of tenant 22222222"),
        ("group: {}\n", "Did you mean `groups`?"),
        ("groups: { All Staff: x }\n", "entra-config.dev.lock.yaml:1:22: `All Staff`: expected an id"),
        ("applications: { api: { appID: x } }\n", "Did you mean `appId`?"),
        ("groups: { All Staff: { was: Staff } }\n", "`All Staff` in a lock file needs an id"),
        ("groups:\n  All Staff:\n", "`All Staff` in a lock file needs an id"),
        ("users: { a@contoso.com: { id: } }\n", "`a@contoso.com` in a lock file needs an id"),
        (f"groups: {{ All Staff: {{ id: {A}, organisation: {B} }} }}\n", "Did you mean `organization`?"),
        ("groups: [", "not YAML"),
    ],
)
def test_lock_files_are_checked(problems: Problems, text: str, message: str) -> None:
    """A lock file of another tenant, or a broken one, stops everything."""
    _pin(text)
    assert any(message in line for line in problems(APP))


def test_a_pin_and_the_manifest_agree(problems: Problems) -> None:
    """Two ids of one thing are an error at the manifest's place."""
    _pin(lock.write(Lock(TENANT, {}, {"G": Pin(A)}, {}, {"api": PinnedApplication(A)}), "dev"))
    text = f"applications: {{ api: {{ type: api, displayName: A, appId: {B}, appRoles: {{ R: x }} }} }}\n"
    found = problems(
        text + f"appRoleAssignments: {{ api: {{ R: {{ groups: [{{ name: G, id: {C} }}] }} }} }}\n"
    )
    assert f"`api` has the appId {B} here and {A} in the lock file" in found[0]
    assert f"`G` has the id {C} here and {A} in the lock file" in found[1]


def test_pins_can_be_given_instead_of_the_file(load: Load) -> None:
    """Whoever makes a lock file loads without the old one."""
    _pin("broken: [")
    load_path = Path("entra-config.yaml")
    load_path.write_text(f"project: p\nenvironments: {{ dev: {{ tenantId: {TENANT} }} }}\n")
    assert loader.load(load_path, pins=Lock()).project == "p"
    assert loader.lock_path(load_path, "dev") == Path("entra-config.dev.lock.yaml")


@pytest.mark.parametrize(("tenant", "chosen"), [("", "dev"), ("north", "dev --tenant north")])
def test_a_lock_file_says_what_wrote_it(tenant: str, chosen: str) -> None:
    """With the tenant where the environment is one of a fleet."""
    first, *_ = lock.write(Lock(TENANT), "dev", tenant).splitlines()
    assert first == (
        f"# Written by `entra-config lock -e {chosen}`. The ids decide, whoever bears the names: "
        "review changes like code."
    )
