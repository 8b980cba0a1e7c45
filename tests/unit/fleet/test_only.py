"""What only one kind of change has is shown first, in every format."""

from __future__ import annotations

import html
import json
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
    redirectUris: ["https://${host}/in"]
"""
# Enough lines that are alike in both tenants to push what differs out of sight.
MANY = "".join(f"  job{number}: {{ type: daemon, displayName: Job {number} }}\n" for number in range(20))
FORMATS = ("text", "markdown", "html", "sarif", "json")


@pytest.mark.parametrize(
    ("host", "group", "only"),
    [
        ("evil.example", True, "address at https://evil.example"),
        ("b.example.com:8443", True, "address at https://:8443"),
        ("evil.example:8443", True, "address at https://evil.example:8443"),
        ("b.example.com", False, "refused: group 'MyApp Admins' does not exist"),
    ],
)
def test_what_only_one_kind_has_is_first_in_every_format(  # noqa: PLR0917  # the columns of a table
    host: str,
    group: bool,
    only: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A host, a port, or what is refused in one tenant stands before the twenty lines that both have."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    text = FILES[FILE].replace("appRoleAssignments:", f"{PAGE}{MANY}appRoleAssignments:")
    text = text.replace("deployers: credential", "deployers: credential, ownDomains: [example.com]")
    texts = dict(FILES) | {FILE: text}
    for name, title, where in (("contoso", "One", "a.example.com"), ("fabrikam", "Two", host)):
        said = f"title: {title}, host: '{where}'"
        texts[f"tenants/{name}.yaml"] = f"tenants: {{ {name}: {{ variables: {{ {said} }} }} }}\n"
    write(tmp_path, texts)
    fleet = Fleet(Embedded.create(seed="fleet"), capsys)
    tenant = fleet.tenant.directory.tenants[seed.FABRIKAM]
    if not group:
        row = tenant.one("groups", "displayName", "MyApp Admins")
        assert row is not None
        tenant.groups.remove(row["id"])
    fleet.run(*SHARDS)
    groups = {each["members"][0]["shard"]: each for each in fleet.report()["groups"]}

    assert len(groups) == 2
    assert any(only in line for line in groups["fabrikam/myapp"]["distinct"]), groups["fabrikam/myapp"][
        "distinct"
    ]
    assert not any("Job" in line or "job" in line for each in groups.values() for line in each["distinct"])
    for format_ in FORMATS:
        shown = fleet("fleet", "report", "results", "--format", format_).out
        shown = json.dumps(json.loads(shown), ensure_ascii=False) if format_ in {"sarif", "json"} else shown
        words = only if format_ == "json" else f"only here: {only}"
        plain = html.unescape(shown).replace("\\", "").replace("&#8203;", "")
        assert words in plain, format_


def _text(more: str) -> str:
    text = FILES[FILE].replace("appRoleAssignments:", f"{more}appRoleAssignments:")
    return text.replace("deployers: credential", "deployers: credential, ownDomains: [example.com]")


def test_a_host_a_doubt_a_warning_and_a_refusal_are_before_many_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """More changes than a report shows are in one tenant alone: they hide nothing in any format."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    texts = dict(FILES) | {FILE: _text(MANY)}
    for name, host in (("contoso", "a.example.com"), ("fabrikam", "evil.example")):
        said = f"title: {name}, host: {host}"
        texts[f"tenants/{name}.yaml"] = f"tenants: {{ {name}: {{ variables: {{ {said} }} }} }}\n"
    write(tmp_path, texts)
    fleet = Fleet(Embedded.create(seed="fleet"), capsys)
    for name in ("contoso", "fabrikam"):
        words = ("apply", "-f", "myapp", "--fleet", "fleet.yaml", "--tenant", name, "--auto-approve")
        assert fleet(*words, session=fleet.session(name)).code == 0
    tenant = fleet.tenant.directory.tenants[seed.FABRIKAM]
    jobs = [tenant.one("applications", "displayName", f"Job {number}") or {} for number in range(20)]
    *others, job = jobs
    for each in others:
        tenant.applications.put({**each, "displayName": f"Changed {each['displayName']}"})
    seed.add_secret(tenant, job, "undeclared")
    group = tenant.one("groups", "displayName", "MyApp Admins")
    assert group is not None
    tenant.groups.remove(group["id"])
    role = "Batch: { description: Runs., allowedMemberTypes: [Application] }"
    client = "displayName: Job 19, apiPermissions: { api: { application: [Batch], adminConsent: true } }"
    text = _text(f"{MANY}{PAGE}").replace("displayName: Job 19", client)
    write(tmp_path, {FILE: text.replace("Reader: Reads.", f"Reader: Reads., {role}")})
    fleet.run(*SHARDS)

    (only,) = [
        each["distinct"] for each in fleet.report()["groups"] if each["members"][0]["shard"] == SHARDS[1]
    ]
    assert sum("displayName" in line for line in only) == 19
    for format_ in FORMATS:
        shown = fleet("fleet", "report", "results", "--format", format_).out
        plain = " ".join(html.unescape(shown).replace("\\", "").replace("&#8203;", "").split())
        for words in (
            "address at https://evil.example",
            "withheld: job19 is granted nothing new at api",
            "warning: job19 has undeclared items",
            "refused: group 'MyApp Admins' does not exist",
        ):
            assert words in plain, format_
