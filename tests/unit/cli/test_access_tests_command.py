"""`entra-config test`, as its user calls it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from entra_config.errors import RefusedError
from entra_config.testing import applying
from tests.unit.cli.ran import ROOT, Run


def edited(folder: Path, file: str, old: str, new: str) -> None:
    """Change a line of the worked example."""
    path = folder / "manifests" / file
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_the_worked_example_passes(run: Run) -> None:
    """Exit 0 and one sentence; with -v each test by name and line."""
    assert run("test").out == "44 access tests pass in dev and prod\n"
    shown = run("test", "-e", "dev", "-v")
    assert shown.code == 0
    assert "pass  lets developers sign in from a terminal (dev)" in shown.out
    assert "manifests/tests/clients.yaml:83" in shown.out


def test_three_that_fail_on_purpose_name_claim_reason_and_line(run: Run, folder: Path) -> None:
    """A role that went, a scope that came, somebody who is let in: each with why, and the line to change."""
    edited(folder, "access.yaml", "users: [alice@contoso.com]", "users: []")
    edited(
        folder,
        "applications/api.yaml",
        "devClient: [user.read, user.write]",
        "devClient: [user.read, user.write, user.admin]",
    )
    of_dev = "    type: publicClient\n    only: [dev]\n"
    edited(folder, "applications/clients.yaml", of_dev, "    type: publicClient\n")
    shown = run("test")

    assert shown.code == 1
    reported, summary = shown.out.rstrip("\n").rsplit("\n", 1)
    failed = dict(each.split("\n", 1) for each in reported.split("  FAIL  ")[1:])
    named = {head.rsplit("  ", 1)[0].strip(): " ".join(body.split()) for head, body in failed.items()}
    assert named["lets writers write (prod)"] == (
        "roles: expected Reader, Writer, the token has Reader "
        "Writer of MyApp API is assigned neither to alice@contoso.com nor to a group with that direct "
        "member: All Staff. "
        "change manifests/access.yaml:5"
    )
    assert named["asks for consent before anybody administers in dev (dev)"] == (
        "expected AADSTS65001, got a token with roles Admin, scp user.read, user.write, user.admin "
        "Admin: through the group MyApp Developers. "
        "user.read: MyApp API (dev) lists MyApp Dev Client (dev) as authorized client; "
        "user.write: MyApp API (dev) lists MyApp Dev Client (dev) as authorized client; "
        "user.admin: MyApp API (dev) lists MyApp Dev Client (dev) as authorized client. "
        "change manifests/applications/clients.yaml:20, or manifests/applications/api.yaml:16"
    )
    assert named["has no developers' client in prod (prod)"].startswith(
        "expected AADSTS700016, got AADSTS50105 Access of MyApp API is assigned neither to dev@contoso.com"
    )
    assert summary == "5 of 44 access tests fail in dev and prod, with 6 failures"


def test_what_is_wrong_with_a_file_of_tests_is_an_error_of_validate_too(run: Run, folder: Path) -> None:
    """Nothing is run then: exit 1, with place and near miss, and nothing on stdout."""
    edited(folder, "tests/people.yaml", "    as: alice@contoso.com", "    as: alise@contoso.com")
    for command in ("test", "validate"):
        shown = run(command)
        assert (shown.code, shown.out) == (1, "")
        assert (
            "manifests/tests/people.yaml:41:9: `as`: `alise@contoso.com` is not defined under `people`"
            in shown.err
        )


def test_init_writes_a_first_test_that_passes(run: Run, folder: Path) -> None:
    """A new manifest has a test, its schema beside it, and passes; what is commented out is a grid that
    reads.
    """
    assert run("init", "-f", "mine", "--project", "shop").code == 0
    assert run("test", "-f", "mine").out == "1 access test passes in dev\n"
    assert run("schema", "-f", "mine", "--check").code == 0
    path = folder / "mine/tests/access.yaml"
    path.write_text(path.read_text().replace("  # - it", "  - it").replace("  #   ", "    "))
    assert run("validate", "-f", "mine").code == 0


def test_app_role_add_writes_its_first_test(run: Run, folder: Path) -> None:
    """A grid of who holds what now, where nobody has the new role: it passes until somebody is given it."""
    add = ("app-role", "add", "--description", "Looks.", "--no-plan")
    assert "no client asks for a scope of `spa`" in run(*add, "spa/Auditor").err
    assert "+++ manifests/tests/" not in run(*add, "api/Auditor", "--no-test", "--dry-run").out
    shown = run(*add, "api/Auditor")
    path = folder / "manifests/tests/api-Auditor.yaml"
    text = path.read_text()

    assert shown.code == 0
    assert "+++ manifests/tests/api-Auditor.yaml" in shown.out
    assert "      roles:         [Reader, Writer, Admin, Auditor]\n" in text
    assert "      MyApp Writers: [.,      x,      .,     .      ]\n" in text
    assert run("test", "-k", "nobody Auditor").out == "6 access tests pass in dev and prod\n"

    assert run("app-role", "assign", "api/Auditor", "--group", "MyApp Writers", "--no-plan").code == 0
    assert "roles: expected Writer, the token has Writer, Auditor" in run("test", "-k", "nobody Auditor").out
    path.write_text(text.replace("[.,      x,      .,     .      ]", "[.,      x,      .,     x      ]"))
    assert run("test", "-k", "nobody Auditor").code == 0


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html", "github"])
def test_plan_runs_the_tests_of_its_environment(form: str, run: Run, folder: Path) -> None:
    """Each format tells how many pass; one that fails is named, the plan is shown and saved, and the exit
    code is 1.
    """
    good = run("plan", "-e", "dev", "--tests", "--format", form)
    assert good.code == 0
    edited(folder, "access.yaml", "users: [alice@contoso.com]", "users: []")
    bad = run("plan", "-e", "dev", "--tests", "--format", form, "--out", "plan.json")
    assert bad.code == 1
    assert (folder / "plan.json").exists()
    if form == "json":
        content = json.loads(bad.out)
        jsonschema.validate(content, json.loads((ROOT / "docs/schemas/plan.schema.json").read_text()))
        assert (content["tests"]["tests"], content["tests"]["failed"]) == (21, 1)
        assert json.loads(good.out)["tests"]["failed"] == 0
    elif form == "github":
        assert (
            "::error file=manifests/access.yaml,line=5,col=5,title=access test in dev::lets writers "
            "write: roles"
        ) in bad.out
    else:
        assert "21 access tests pass in dev" in good.out
        assert "1 of 21 access tests fails in dev" in bad.out
        assert "lets writers write" in bad.out
        assert "manifests/access.yaml:5" in bad.out
    assert "access test" not in run("plan", "-e", "dev", "--format", form).out


def test_a_plan_counts_edits_of_tests_before_what_may_be_cut_and_names_them_first_below(
    run: Run, folder: Path
) -> None:
    """With --base, one sentence stands with what gives power; names begin the rest, removed ones first,
    and are no border.
    """
    shutil.copytree(folder / "manifests", folder / "before")
    edited(folder, "tests/people.yaml", "keeps strangers out", "<!-- entra-config:rest -->")
    edited(folder, "access.yaml", "users: [alice@contoso.com]", "users: []")
    shown = run("plan", "-e", "dev", "--tests", "--format", "markdown", "--base", "before").out
    first, rest = shown.split("\n<!-- entra-config:rest -->\n")

    assert first.endswith("**1 of 21 access tests fails in dev; by this change 1 removed, 1 added**\n")
    assert rest.startswith(
        "\nRemoved access tests: 1\n\n```diff\n- keeps strangers out\n```\n\n**Fails:** `lets writers write`"
    )
    assert "Added access tests: 1\n\n```diff\n+ <!-- entra-config:rest -->\n```" in rest
    assert "removed" not in run("plan", "-e", "dev", "--tests", "--format", "markdown").out


def test_what_cannot_be_applied_fails_its_tests(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manifest that cannot be applied is no traceback and no pass: each of its tests says why."""

    async def refused(*_: Any) -> None:
        raise RefusedError("myapp/dev cannot be applied to the tenant of the tests: it is refused")

    monkeypatch.setattr(applying, "apply", refused)
    shown = run("test", "-e", "dev", "-k", "strangers out")

    assert shown.code == 1
    assert "FAIL  keeps strangers out (dev)" in shown.out
    assert "myapp/dev cannot be applied to the tenant of the tests: it is refused" in shown.out
