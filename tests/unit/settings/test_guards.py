"""The table of operations: the manifest says what each needs, and the API and the page decide by the same."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli.main import main

ROOT = Path(__file__).parents[3]
SCOPES = ("user.admin", "user.read", "user.write")
ROLES = ("Admin", "Reader", "Writer")
CALLERS = [
    {"kind": kind, "scopes": list(scopes), "roles": list(roles)}
    for kind in ("user", "application")
    for few in range(len(SCOPES) + 1)
    for scopes in itertools.combinations(SCOPES, few)
    for some in range(len(ROLES) + 1)
    for roles in itertools.combinations(ROLES, some)
    if kind == "user" or not scopes
]
API = """
import json, sys
from api.auth.failures import ForbiddenError
from api.auth.requirements import require
from api.auth.user import CurrentUser
from api.generated.authorization import Operation

def admitted(operation, caller):
    held = {name: frozenset(caller[name]) for name in ("scopes", "roles")}
    user = CurrentUser(
        kind=caller["kind"], object_id="o", subject="s", tenant_id="t", client_id="c", name=None,
        username=None, groups=frozenset(), expires_at=0, **held
    )
    try:
        require(operation).admit(user)
    except ForbiddenError:
        return False
    return True

callers = json.load(sys.stdin)
print(json.dumps({each.value: [admitted(each, caller) for caller in callers] for each in Operation}))
"""
PAGE = """
const { mkdtempSync, readFileSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const [, typescript, source] = process.argv;
const ts = createRequire(typescript + "/package.json")("typescript");
const folder = mkdtempSync(source + "/made-");
const compiled = (name) => ts.transpileModule(readFileSync(source + "/" + name, "utf8"), {
  compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
}).outputText;
require("node:fs").mkdirSync(folder + "/generated");
writeFileSync(folder + "/generated/authorization.js", compiled("generated/authorization.ts"));
writeFileSync(folder + "/access.js", compiled("access.ts"));
const { may, Operation } = require(folder + "/access.js");
const callers = JSON.parse(readFileSync(0, "utf8"));
const offered = (operation) => callers.map((caller) => may({ name: "", ...caller }, operation));
const table = Object.values(Operation).map((each) => [each, offered(each)]);
console.log(JSON.stringify(Object.fromEntries(table)));
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the manifest, the API and what the page decides with."""
    shutil.copytree(ROOT / "manifests", tmp_path / "manifests")
    shutil.copytree(ROOT / "api", tmp_path / "api", ignore=shutil.ignore_patterns("tests", "__pycache__"))
    (tmp_path / "spa/src/generated").mkdir(parents=True)
    for name in ("access.ts", "generated/authorization.ts"):
        shutil.copy(ROOT / "spa/src" / name, tmp_path / "spa/src" / name)
    (tmp_path / "docs").mkdir()
    return tmp_path


def decisions(project: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask the API and the page of a project about every caller."""
    requested = json.dumps(CALLERS)
    said = []
    for command in (
        [sys.executable, "-c", API],
        ["node", "-e", PAGE, str(ROOT / "spa"), str(project / "spa/src")],
    ):
        done = subprocess.run(
            command, input=requested, cwd=project, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        said.append(json.loads(done.stdout))
    return said[0], said[1]


def settle(project: Path, old: str, new: str) -> None:
    """Change the manifest's table and write what is generated."""
    root = project / "manifests/entra-config.yaml"
    text = root.read_text(encoding="utf-8")
    changed = re.sub(old, new, text)
    assert changed != text
    root.write_text(changed, encoding="utf-8")
    assert main(["settings", "--quiet", "-f", str(project / "manifests")]) == 0


def people(responses: list[bool]) -> list[bool]:
    """Keep what is about people: an application sees no page."""
    return [response for response, caller in zip(responses, CALLERS, strict=True) if caller["kind"] == "user"]


def test_one_line_of_the_manifest_changes_the_api_and_the_page_alike(project: Path) -> None:
    """Whoever the API admits is offered it and nobody else, before the change and after it; and the change is
    of that operation alone.
    """
    api, page = decisions(project)
    assert {name: people(responses) for name, responses in api.items()} == {
        name: people(responses) for name, responses in page.items()
    }
    settle(project, r"(createRecord: \{ scopes: \[user.write\], roles: )\[Writer\]", r"\1[Reader, Admin]")
    changed_api, changed_page = decisions(project)
    assert people(changed_api["createRecord"]) == people(changed_page["createRecord"])
    assert people(changed_api["createRecord"]) == [
        "user.write" in caller["scopes"] and bool({"Reader", "Admin"} & set(caller["roles"]))
        for caller in CALLERS
        if caller["kind"] == "user"
    ]
    assert {name for name in api if api[name] != changed_api[name]} == {"createRecord"}
    assert {name for name in page if page[name] != changed_page[name]} == {"createRecord"}


def test_one_of_some_scopes_is_enough_where_the_table_says_so(project: Path) -> None:
    """`anyScope` and `scopes` differ on both sides, and Postman's collection expects the same."""
    api, page = decisions(project)
    settle(project, r"anyScope: (\[user.read, user.admin\])", r"scopes: \1")
    changed_api, changed_page = decisions(project)
    for before, after in ((api, changed_api), (page, changed_page)):
        lost = [
            caller["scopes"]
            for caller, had, has in zip(CALLERS, before["administer"], after["administer"], strict=True)
            if had and not has and caller["roles"] == ["Admin"]
        ]
        assert lost == [
            ["user.admin"],
            ["user.read"],
            ["user.admin", "user.write"],
            ["user.read", "user.write"],
        ]


def test_an_operation_that_is_taken_away_is_gone_from_both(project: Path) -> None:
    """The API's code no longer starts with a name that the table lacks, as the page's no longer compiles."""
    settle(project, r"        deleteRecord: .*\n", "")
    command = [sys.executable, "-c", "import api.routes.records"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert "DELETE_RECORD" in done.stderr
    assert "DeleteRecord" not in (project / "spa/src/generated/authorization.ts").read_text(encoding="utf-8")
