"""`entra-config test`, as its user calls it."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.ran import Run


def edited(folder: Path, file: str, old: str, new: str) -> None:
    """Change a line of the worked example."""
    path = folder / "manifests" / file
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_the_worked_example_passes(run: Run) -> None:
    """Exit 0 and one sentence; with -v each test by name and line."""
    assert run("test").out == "41 access tests pass in dev and prod\n"
    shown = run("test", "-e", "dev", "-v")
    assert shown.code == 0
    assert "pass  lets developers sign in from a terminal (dev)" in shown.out
    assert "manifests/tests/clients.yaml:83" in shown.out


def test_three_that_fail_on_purpose_name_claim_reason_and_line(run: Run, folder: Path) -> None:
    """A role that went, a scope that came, somebody who is let in: each with why, and the line to change."""
    edited(folder, "access.yaml", "users: [alice@contoso.com]", "users: []")
    edited(
        folder, "applications/api.yaml", "devClient: [user.read, user.write]", "devClient: [user.read, user.write, user.admin]"
    )
    edited(folder, "applications/clients.yaml", "    only: [dev]\n", "")
    shown = run("test")

    assert shown.code == 1
    told, summary = shown.out.rstrip("\n").rsplit("\n", 1)
    failed = dict(each.split("\n", 1) for each in told.split("  FAIL  ")[1:])
    named = {head.rsplit("  ", 1)[0].strip(): " ".join(body.split()) for head, body in failed.items()}
    assert named["lets writers write (prod)"] == (
        "roles: expected Reader, Writer, the token has Reader "
        "Writer of MyApp API is assigned neither to alice@contoso.com nor to a group with that direct member: All Staff. "
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
    assert summary == "5 of 41 access tests fail in dev and prod"


def test_what_is_wrong_with_a_file_of_tests_is_an_error_of_validate_too(run: Run, folder: Path) -> None:
    """Nothing is run then: exit 1, with place and near miss, and nothing on stdout."""
    edited(folder, "tests/people.yaml", "    as: alice@contoso.com", "    as: alise@contoso.com")
    for command in ("test", "validate"):
        shown = run(command)
        assert (shown.code, shown.out) == (1, "")
        assert "manifests/tests/people.yaml:41:9: `as`: `alise@contoso.com` is nobody of `people`" in shown.err


def test_validate_counts_them(run: Run) -> None:
    """`validate` reads access tests, and says what runs them."""
    assert "41 access tests: `entra-config test` runs them" in run("validate").err
