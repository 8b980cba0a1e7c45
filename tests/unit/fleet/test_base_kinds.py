"""`fleet run --base`: what variables filled when the tenants were as they are makes no kind of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import without_variables
from tests.unit.fleet.files import FILES, write
from tests.unit.fleet.fleet_ran import Fleet

pytestmark = pytest.mark.fleet
SHARDS = ("contoso/myapp", "fabrikam/myapp")
FILE = "myapp/entra-config.yaml"
PAGE = """\
  page:
    type: spa
    displayName: "${title}"
    redirectUris: ["https://${host}/in", "http://localhost:5173"]
"""
TITLES = {"contoso": ("One", "a.example.com"), "fabrikam": ("Two", "b.example.com")}


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fleet:
    """Return a fleet whose tenants are as its files say; these stand in `before`, and then say more."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    text = FILES[FILE].replace("appRoleAssignments:", f"{PAGE}appRoleAssignments:")
    text = text.replace("deployers: credential", "deployers: credential, ownDomains: [example.com]")
    texts = dict(FILES) | {FILE: text}
    for name, (title, host) in TITLES.items():
        said = f"title: {title}, host: {host}"
        texts[f"tenants/{name}.yaml"] = f"tenants: {{ {name}: {{ variables: {{ {said} }} }} }}\n"
    write(tmp_path, texts)
    write(tmp_path / "before", texts)
    found = Fleet(Embedded.create(seed="fleet"), capsys)
    for name in TITLES:
        words = ("apply", "--tenant", name, "-f", "myapp", "--auto-approve")
        ran = found(*words, session=found.session(name))
        assert ran.code == 0, ran.err
    write(tmp_path, {FILE: text.replace("${region}", "in ${region}").replace("/in", "/back")})
    return found


def _kinds(fleet: Fleet, *options: str) -> list[list[str]]:
    for path in Path("results").glob("*.json"):
        path.unlink()
    assert fleet.run(*SHARDS, options=options).code == 0
    return [[each["shard"] for each in group["members"]] for group in fleet.report()["groups"]]


def test_what_was_filled_then_is_taken_out_of_what_the_tenant_has(fleet: Fleet) -> None:
    """Notes and an address that each tenant has of its own: one kind with the base, two without."""
    assert _kinds(fleet, "--base", "before") == [list(SHARDS)]
    taken = [
        (each["declared"], each["value"]) for each in fleet.report()["groups"][0]["members"][1]["notCompared"]
    ]
    assert {("${region}", "northeurope"), ("in ${region}", "in northeurope")} <= set(taken)
    assert {("https://${host}/in", "https://b.example.com/in")} <= set(taken)
    assert sorted(_kinds(fleet)) == [[each] for each in SHARDS]
    # A base that says what nobody applied explains nothing.
    assert sorted(_kinds(fleet, "--base", ".")) == [[each] for each in SHARDS]


@pytest.mark.parametrize("value", ["westeurope", "by hand"])
def test_what_a_tenant_has_and_the_base_did_not_fill_stands_alone(fleet: Fleet, value: str) -> None:
    """What somebody wrote by hand, though it be another tenant's text, is told as it is."""
    directory = fleet.tenant.directory.tenants[seed.FABRIKAM]
    [row] = [each for each in directory.applications if each["displayName"] == "MyApp Two"]
    directory.applications.put({**row, "notes": value})
    assert sorted(_kinds(fleet, "--base", "before")) == [[each] for each in SHARDS]


def test_a_base_is_of_plans_on_this_machine(fleet: Fleet) -> None:
    """Another verb has no kinds of plans, and a worker elsewhere another checkout."""
    for words in (("--do", "drift", SHARDS[0]), ("--do", "plan", "--all", "--scheduler", "tls://h:1")):
        ran = fleet("fleet", "run", *words, "--results", "results", "--base", "before")
        assert (ran.code, "--base is of --do plan" in ran.err) == (1, True)


def test_a_guard_that_is_lowered_leads_the_kind_of_all_tenants(fleet: Fleet) -> None:
    """The project's files: told in the same words for both, first, and never without a base; what the fleet's
    own files lower, waves of single tenants too, the report tells once. A pin that leads elsewhere is a
    guard, whatever the ids.
    """
    text = FILES["fleet.yaml"].replace("/variables", "")
    root = (
        Path(FILE)
        .read_text(encoding="utf-8")
        .replace("credential,", "credential, policy: { allow: [many] },")
    )
    waves = "waves: [{ tags: [eu] }, { rest: true }]"
    write(
        Path("before"), {"fleet.yaml": f"waves: [{{ tags: [us] }}, {{ rest: true }}]\n{FILES['fleet.yaml']}"}
    )
    write(Path(), {"fleet.yaml": f"limits: {{ people: 70 }}\n{waves}\n{text}", FILE: root})
    for name in TITLES:
        words = ("lock", "--tenant", name, "-f", "myapp")
        assert fleet(*words, session=fleet.session(name)).code == 0
        path = f"myapp/locks/customer/{name}.lock.yaml"
        pins = Path(path).read_text(encoding="utf-8")
        write(Path("before"), {path: re.sub(r"(Admins.: )[0-9a-f]{8}", r"\g<1>00000000", pins)})

    assert _kinds(fleet, "--base", "before") == [list(SHARDS)]
    [group] = fleet.report()["groups"]
    assert group["risk"] == "high"
    guards = [line for line in group["headline"] if line.startswith("!")]
    assert guards == group["headline"][:2]
    assert guards == [
        "! `policy.allow` lifts many each time",
        "! lock file: a name is pinned to another object than before",
    ]
    _kinds(fleet)
    assert not [each for group in fleet.report()["groups"] for each in group["headline"] if each[0] == "!"]
