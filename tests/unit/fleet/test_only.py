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
    assert any(only in line for line in groups["fabrikam/myapp"]["only"]), groups["fabrikam/myapp"]["only"]
    assert not any("Job" in line or "job" in line for each in groups.values() for line in each["only"])
    for format_ in FORMATS:
        shown = fleet("fleet", "report", "results", "--format", format_).out
        shown = json.dumps(json.loads(shown), ensure_ascii=False) if format_ in {"sarif", "json"} else shown
        words = only if format_ == "json" else f"only here: {only}"
        plain = html.unescape(shown).replace("\\", "").replace("&#8203;", "")
        assert words in plain, format_
