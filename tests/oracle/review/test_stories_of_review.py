"""Thirteen ways past a reviewer's eyes, a fence and CODEOWNERS, by name: each as it went, and what it
comes to now.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.emulator import seed
from entra_config.errors import ManifestError
from entra_config.manifest import loader
from entra_config.plan import file as plan_file
from entra_config.plan.model import Plan
from entra_config.report import markdown, text
from tests.oracle.review import estate
from tests.oracle.tenant import Tenant
from tests.programs import unmeasured
from tests.workflows import scripts
from tests.workflows.runs import PROJECT

CONTOSO = estate.TENANT
ROLE = {"description": "A role.", "allowedMemberTypes": ["User", "Application"]}
ISSUER = "https://token.actions.githubusercontent.com"
FENCE = ["applications/billing-*", "appRoleAssignments/billing-*", "enterpriseApplications/billing-*"]
RUN = "https://github.example/runs/1"
Content = dict[str, Any]


class Story:
    """A tenant and a project `shop` with one environment; files are written as they are given, and
    planned.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tenant = Tenant()
        self.root: Content = {
            "project": "shop",
            "environments": {"dev": {"tenantId": CONTOSO}},
            "files": ["main.yaml"],
        }
        self.main: Content = {
            "applications": {
                "api": {
                    "type": "api",
                    "displayName": "Shop API",
                    "appRoles": {"Admin": ROLE, "Reader": ROLE},
                },
                "web": {
                    "type": "web",
                    "displayName": "Shop",
                    "redirectUris": ["https://shop.contoso.com/cb"],
                },
                "job": {"type": "daemon", "displayName": "Job"},
            }
        }
        self.lock: Content = {"tenantId": CONTOSO}

    @property
    def apps(self) -> Content:
        """Return the applications of the open file."""
        found: Content = self.main["applications"]
        return found

    def write(self, **more: Content | str) -> Path:
        """Write all files; a text is written as it is."""
        texts = {"entra-config": self.root, "main": self.main, "entra-config.dev.lock": self.lock, **more}
        for name, content in texts.items():
            shown = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
            (self.folder / f"{name}.yaml").write_bytes(shown.encode())
        return self.folder

    def plan(self, **more: Content | str) -> Plan:
        """Plan what is written."""
        return asyncio.run(self.tenant.plan(loader.load(self.write(**more)), {"many", "last"}))

    def applied(self) -> None:
        """Apply what is written."""
        assert asyncio.run(self.tenant.apply(self.plan())).complete

    def problems(self, **more: Content | str) -> list[str]:
        """Return what is wrong with the files, offline or against the tenant."""
        try:
            self.plan(**more)
        except ManifestError as error:
            return [str(problem).removeprefix(f"{self.folder}/") for problem in error.problems]
        return []

    def restricted(self) -> None:
        """Add a team's file behind its fence."""
        self.root["files"] = ["main.yaml", {"path": "team.yaml", "mayDeclare": FENCE}]

    def row(self, table: str, name: str) -> Content:
        """Return an object of the tenant by its display name."""
        (found,) = [row for row in getattr(self.tenant.rows, table) if row["displayName"] == name]
        return dict(found)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Return a story that begins."""
    return Story(tmp_path)


def comments(folder: Path, *plans: Plan) -> list[str]:
    """Return the comments of a pull request with these plans."""
    folder.mkdir()
    for number, plan in enumerate(plans):
        name = ("prod", "dev")[number]
        (folder / f"{name}.md").write_text(markdown.render(plan), encoding="utf-8")
        (folder / f"{name}.json").write_text(plan_file.text(plan), encoding="utf-8")
    found: list[str] = scripts.load("comment").bodies(folder, ["prod", "dev"], RUN)
    return found


def powers(bodies: list[str]) -> list[str]:
    """Return the lines about what gives power, of all comments."""
    return [line.removeprefix("! ") for body in bodies for line in body.splitlines() if line.startswith("! ")]


def test_story_01_what_looks_like_a_mark_is_shown_in_a_creation(story: Story, tmp_path: Path) -> None:
    """A redirect URI `entra-config://evil/cb` and a role `entra-config:Admin` are created, and stand in
    every report.
    """
    phone = {"type": "publicClient", "displayName": "Phone", "redirectUris": ["entra-config://evil/cb"]}
    role = {"value": "entra-config:Admin", **ROLE}
    desk = {"type": "api", "displayName": "Desk", "appRoles": {"Boss": role}}
    story.apps.update({"phone": phone, "desk": desk})
    story.main["appRoleAssignments"] = {"desk": {"Boss": {"users": ["mallory@contoso.com"]}}}
    plan = story.plan()

    for shown in (text.render(plan), "\n".join(comments(tmp_path / "plans", plan))):
        assert "entra-config://evil/cb" in shown
        assert "desk/entra-config:Admin" in shown
        assert "entra-config:owner=shop/dev" not in shown


def test_story_02_a_uri_with_an_at_sign_is_whole_in_the_comment(story: Story, tmp_path: Path) -> None:
    """Nothing is taken for a person by its text: not a URI, not an issuer, not the name of a group; a
    person is by kind.
    """
    uri = "https://evil.example/@app.contoso.com/cb"
    story.apps["web"]["redirectUris"] = [uri]
    story.apps["job"]["federatedCredentials"] = {
        "one": {"issuer": "https://evil.example/a@contoso.com", "subject": "x@contoso.com"}
    }
    seed.add_group(story.tenant.rows, "ops@contoso.com")
    story.main["appRoleAssignments"] = {
        "api": {"Admin": {"groups": ["ops@contoso.com"], "users": ["mallory@contoso.com", "bob@contoso.com"]}}
    }
    found = powers(comments(tmp_path / "plans", story.plan()))

    assert any(uri in line for line in found)
    assert any(
        'issuer "https://evil.example/a@contoso.com", subject "x@contoso.com"' in line for line in found
    )
    assert any('api/Admin ← group "ops@contoso.com"' in line for line in found)
    assert len({line for line in found if "api/Admin ← a user (" in line}) == 2
    assert not any("mallory@" in line or "bob@" in line for line in found)


def test_story_03_what_gives_power_is_not_pushed_out_of_the_comment(story: Story, tmp_path: Path) -> None:
    """Thousands of lines of noise and long labels stand behind a stranger's credential, and what is cut is
    said to be cut.
    """
    for number in range(290):
        story.apps[f"{'quiet' * 8}{number}"] = {"type": "daemon", "displayName": f"{'long ' * 40}{number}"}
    story.apps["job"]["federatedCredentials"] = {
        "evil": {"issuer": ISSUER, "subject": "repo:stranger/evil:ref:refs/heads/main"}
    }
    (body,) = comments(tmp_path / "plans", story.plan())

    assert powers([body]) == [
        (
            f'federated credential  job/evil: issuer "{ISSUER}", subject '
            '"repo:stranger/evil:ref:refs/heads/main", '
            'audiences ["api://AzureADTokenExchange"]'
        ),
        "redirect URI          web (web): https://shop.contoso.com/cb",
    ]
    assert "lines are cut here: the whole is the artifact `plan-prod`" in body
    assert 50_000 < len(body) <= 60_000, "the digests leave the room to the plan"


@pytest.mark.parametrize(
    "char", ["\u200b", "\u00ad", "\ufe0f", "\u3164", "\u2800", "\u00a0", "\U000e0041", "\u115f"]
)
def test_story_04_two_groups_never_print_alike(story: Story, tmp_path: Path, char: str) -> None:
    """What is invisible is spelled out, in the text and in the comment, so that two names are two."""
    for name in ("On call", f"On{char} call"):
        seed.add_group(story.tenant.rows, name, row_id=seed.fixed_id("x", name))
    id_ = seed.fixed_id("x", f"On{char} call")
    story.main["appRoleAssignments"] = {"api": {"Admin": {"groups": [{"name": f"On{char} call", "id": id_}]}}}
    plan = story.plan()

    for shown in (text.render(plan), *comments(tmp_path / "plans", plan)):
        assert f'group "On\\u{{{ord(char):x}}} call"' in shown
        assert char not in shown.replace("\u00a0", char if char == "\u00a0" else "")


@pytest.mark.parametrize("named", ["Shop API", {"displayName": "SHOP api"}, "by appId", "by id"])
def test_story_05_our_api_is_no_application_of_others(story: Story, named: Any) -> None:
    """A fenced file names our own API by its name, appId or object id, to make a person its Admin: an
    error, by every way.
    """
    story.applied()
    story.restricted()
    api = story.row("service_principals", "Shop API")
    named = (
        {"by appId": {"appId": api["appId"]}, "by id": {"id": api["id"]}}.get(named, named)
        if isinstance(named, str)
        else named
    )
    team = {
        "enterpriseApplications": {"billing-invoices": named},
        "appRoleAssignments": {"billing-invoices": {"Admin": {"users": ["mallory@contoso.com"]}}},
    }

    (reported,) = story.problems(team=team)
    assert reported.startswith(
        "team.yaml:2:3: enterprise application `billing-invoices` is `api` of this project: refer to "
        "it by that key"
    )


def test_story_06_a_fenced_file_takes_no_application(story: Story) -> None:
    """`billing-*` takes our API or a stranger's application by its appId, or a former key outside: an
    error at the line.
    """
    story.apps["old-tool"] = {"type": "daemon", "displayName": "Old tool"}
    story.applied()
    del story.apps["old-tool"]
    story.restricted()
    estate.external(story.tenant.rows, "HR", "0")
    for name in ("Shop API", "HR"):
        thief = {"type": "api", "displayName": "Mine", "appId": story.row("applications", name)["appId"]}
        (reported,) = [
            each
            for each in story.problems(team={"applications": {"billing-x": thief}})
            if "team.yaml:5" in each
        ]
        assert (
            "`appId` of `billing-x` stands in a file with `mayDeclare`, and the lock file does not pin it"
            in reported
        )
    heir = {"type": "daemon", "displayName": "Mine", "previously": "old-tool"}
    (reported,) = story.problems(team={"applications": {"billing-x": heir}})
    assert reported.startswith(
        "team.yaml:5:5: `previously: old-tool` is outside of what this file may declare"
    )


def test_story_07_a_fenced_daemon_gets_no_role_of_ours(story: Story) -> None:
    """`adminConsent: true` at our API counts only for what the fence lists; asked by the API's appId it is
    an error, too.
    """
    story.applied()
    story.restricted()
    daemon: Content = {
        "type": "daemon",
        "displayName": "B",
        "apiPermissions": {"api": {"application": ["Admin"], "adminConsent": True}},
    }
    assert (
        "the consent to `api/Admin` counts only where the path restriction"
        in story.problems(team={"applications": {"billing-job": daemon}})[0]
    )
    daemon["apiPermissions"] = {
        story.row("applications", "Shop API")["appId"]: {"application": ["Admin"], "adminConsent": True}
    }
    assert (
        "is `api` of this project: refer to it by that key"
        in story.problems(team={"applications": {"billing-job": daemon}})[0]
    )

    story.root["files"][1]["mayDeclare"] = [*FENCE, "consents/api/Reader"]
    daemon["apiPermissions"] = {"api": {"application": ["Reader"], "adminConsent": True}}
    plan = story.plan(team={"applications": {"billing-job": daemon}})
    assert [each.text for each in plan.effects if each.type == "role"] == ["api/Reader ← billing-job"]


@pytest.mark.parametrize("char", ["\u2028", "\u2029", "\u0085", "\r"])
@pytest.mark.parametrize("file", ["main", "entra-config.dev.lock"])
def test_story_08_a_comment_declares_nobody(story: Story, char: str, file: str) -> None:
    """What ends a line for a parser and not for the eye is an error at its place, in a manifest and in a
    lock file.
    """
    hidden = {
        "main": "appRoleAssignments: { api: { Admin: { users: [mallory@contoso.com] } } }",
        "entra-config.dev.lock": f"users: {{ mallory@contoso.com: {CONTOSO} }}",
    }[file]
    content = {"main": story.main, "entra-config.dev.lock": story.lock}[file]
    shown = yaml.safe_dump(content, sort_keys=False) + f"# nothing to see {char}{hidden}\n"

    (reported,) = story.problems(**{file: shown})
    assert reported.startswith(f"{file}.yaml:{len(shown.split(chr(10))) - 1}:18: ")
    assert "lines end with LF or CRLF" in reported


def test_story_09_a_name_stands_once_in_a_lock_file(story: Story) -> None:
    """`Alice@contoso.com: MALLORY` above the untouched `alice@contoso.com:` wins nothing: it is an error
    with both places.
    """
    alice, mallory = (seed.fixed_id(CONTOSO, "user", f"{name}@contoso.com") for name in ("alice", "mallory"))
    story.lock["users"] = {"Alice@contoso.com": mallory, "alice@contoso.com": alice}

    (reported,) = story.problems()
    assert reported.startswith(
        "entra-config.dev.lock.yaml:4:3: `alice@contoso.com` is the user `Alice@contoso.com` at "
    )


def test_story_10_a_pin_to_anothers_id_does_not_pass_silently(story: Story) -> None:
    """`hr` is led to Payroll by the lock file: told with both names, and `policy.consent` for hr gives
    nothing of Payroll.
    """
    for number, name in enumerate(("HR", "Payroll")):
        estate.external(story.tenant.rows, name, str(number))
    story.root["environments"]["dev"]["policy"] = {"consent": {"hr": {"application": ["Read"]}}}
    story.main["enterpriseApplications"] = {"hr": "HR"}
    story.apps["job"]["apiPermissions"] = {"hr": {"application": ["Read"], "adminConsent": True}}
    story.lock["servicePrincipals"] = {"HR": story.row("service_principals", "Payroll")["id"]}
    plan = story.plan()

    assert not [each for each in plan.effects if each.type in {"role", "consent"}]
    for shown in (text.render(plan), markdown.render(plan)):
        assert "'HR' is called 'Payroll' now" in shown
        assert "`policy.consent` means 'HR', and hr is 'Payroll' in this tenant" in shown


def test_story_11_what_is_ignored_is_read(story: Story) -> None:
    """`ignoreChanges: [federatedCredentials]` hides no planted credential: it is told, and the grant
    beside it waits.
    """
    story.applied()
    app = story.row("applications", "Job")
    seed.add_federated_credential(
        story.tenant.rows, app, "planted", ISSUER, "repo:stranger/evil:ref:refs/heads/main"
    )
    story.apps["job"] |= {
        "ignoreChanges": ["federatedCredentials"],
        "apiPermissions": {"api": {"application": ["Admin"], "adminConsent": True}},
    }
    plan = story.plan()

    assert not [each for each in plan.effects if each.type == "role"]
    assert len(plan.held_back) == 1
    assert "repo:stranger/evil:ref:refs/heads/main" in text.render(plan)


def test_story_12_nothing_of_the_checkout_runs_beside_a_credential(tmp_path: Path) -> None:
    """A `json.py` in the repository's root is imported by no script and no line of the pipeline's,
    wherever it is started.
    """
    (tmp_path / "json.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    for script in sorted((PROJECT / ".github/scripts").glob("*.py")):
        subprocess.run(
            [sys.executable, "-I", str(script)],
            cwd=tmp_path,
            env=unmeasured(),
            capture_output=True,
            check=False,
        )
    assert not (tmp_path / "ran").exists()
    started = subprocess.run(
        [sys.executable, "-c", "import json"],
        cwd=tmp_path,
        env=unmeasured(),
        capture_output=True,
        check=False,
    )
    assert started.returncode == 0
    assert (tmp_path / "ran").exists(), "the trap works"

    files = [
        file for kind in ("entra-*.yml", "action.yml", "*.sh") for file in (PROJECT / ".github").rglob(kind)
    ]
    assert len(files) > 6
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            bare = line.split("#")[0]
            assert "python3 " not in bare or "python3 -I " in bare, (file, line)
            assert "python " not in bare or "python -I " in bare or "bin/python" in bare, (file, line)


def test_story_13_any_path_starts_the_plan() -> None:
    """A pull request that changes `json.py` alone starts entra-plan as every other does; only what is
    planned is left out.
    """
    workflow = yaml.safe_load((PROJECT / ".github/workflows/entra-plan.yml").read_text(encoding="utf-8"))
    # YAML 1.1 reads the key `on` as true.
    started = workflow[True]
    assert started["pull_request"] is None

    class Api:
        def __init__(self, *names: str) -> None:
            self.names = names

        def pages(self, _path: str) -> list[dict[str, str]]:
            return [{"filename": name} for name in self.names]

    changed = scripts.load("changed")
    assert not changed.changes(Api("json.py", ".github/workflows/x.yml"), 1, "manifests/")
    assert changed.changes(Api("json.py", "manifests/entra-config.prod.lock.yaml"), 1, "manifests/")
