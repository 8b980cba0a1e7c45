"""Comments that ask for silence: which lines they reach, until when, of what, and what is said of those
that ask wrongly.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.lint.model import Report
from tests.unit.lint.snippets import TENANT, linted

IGNORE = "# entra-config: ignore[redirect-localhost-prod]"


def report(comment: str, folder: Path, *, above: str = "", head: str = "", protected: str = "true") -> Report:
    """Lint one application with a page on localhost, with a comment behind it and lines above it."""
    text = (
        f"project: myapp\n{head}environments:\n"
        f"  prod: {{ tenantId: {TENANT}, protected: {protected}, deployers: [Writer] }}\n"
        f"applications:\n  app:\n    type: spa\n    displayName: App\n    redirectUris:\n{above}"
        f"      - https://localhost:5173/ {comment}\n"
    )
    return linted(text, folder, persona="regular")


@pytest.mark.parametrize(
    ("comment", "above", "reported"),
    [
        ("", "", ["redirect-localhost-prod"]),
        (f"{IGNORE} because x", "", []),
        (f"{IGNORE} until 2026-11-26 because x", "", []),
        (f"{IGNORE} until 2026-11-25 because x", "", ["redirect-localhost-prod", "suppression-expired"]),
        (IGNORE, "", ["suppression-without-reason"]),
        ("", f"      {IGNORE} because x\n", []),
        ("", f"      {IGNORE} because x\n      # and another line of it\n\n", []),
        (
            "",
            f"      {IGNORE} because x\n      - https://app.example.com/\n",
            ["redirect-localhost-prod", "suppression-unused"],
        ),
        ("# entra-config: ignore[token-v1, redirect-localhost-prod] because x", "", ["suppression-unused"]),
        ("# entra-config: ignore[nothing] because x", "", ["redirect-localhost-prod", "suppression-unknown"]),
        (
            "# entra-config: ignore redirect-localhost-prod",
            "",
            ["redirect-localhost-prod", "suppression-unknown"],
        ),
        ("# entra-config: ignore[] because x", "", ["redirect-localhost-prod", "suppression-unknown"]),
        (f"{IGNORE} until soon because x", "", ["redirect-localhost-prod", "suppression-unknown"]),
        (f"{IGNORE} for ever", "", ["redirect-localhost-prod", "suppression-unknown"]),
        ("# entra-config is a tool", "", ["redirect-localhost-prod"]),
    ],
)
def test_a_comment_silences_what_it_may(
    comment: str, above: str, reported: list[str], tmp_path: Path
) -> None:
    """Its own line or the next one, in time, of a rule that there is."""
    assert sorted({each.rule for each in report(comment, tmp_path, above=above).findings}) == reported


def test_what_is_silenced_is_in_the_report(tmp_path: Path) -> None:
    """With the comment's place, day and reason."""
    (silenced,) = report(f"{IGNORE} until 2027-01-31 because the demo needs it", tmp_path).suppressed

    assert (silenced.finding.rule, str(silenced.until), silenced.because) == (
        "redirect-localhost-prod",
        "2027-01-31",
        "the demo needs it",
    )
    assert silenced.by.column > 30


@pytest.mark.parametrize(
    ("protected", "reported"), [("true", ["redirect-localhost-prod", "suppression-refused"]), ("false", [])]
)
def test_what_is_locked_no_comment_silences(protected: str, reported: list[str], tmp_path: Path) -> None:
    """In a protected environment; elsewhere the rule has nothing to say here, and the comment is idle."""
    head = "policy: { lint: { locked: [redirect-localhost-prod] } }\n"
    found = {
        each.rule for each in report(f"{IGNORE} because x", tmp_path, head=head, protected=protected).findings
    }

    assert sorted(found - {"suppression-unused"}) == reported


def test_a_rule_that_the_policy_makes_an_error_is_the_root_file_s_alone(tmp_path: Path) -> None:
    """Whatever it is by itself."""
    head = "policy: { lint: { rules: { redirect-localhost-prod: { severity: E } } } }\n"
    found = [each.rule for each in report(f"{IGNORE} because x", tmp_path, head=head).findings]

    assert sorted(found) == ["redirect-localhost-prod", "suppression-refused"]


def test_the_policy_s_own_day_ends_too(tmp_path: Path) -> None:
    """Then the rule is as ever, and that it is over is told."""
    head = (
        "policy: { lint: { rules: { redirect-localhost-prod: { severity: off, because: x, until: "
        "2026-11-25 } } } }\n"
    )
    found = [each.rule for each in report("", tmp_path, head=head).findings]

    assert sorted(found) == ["redirect-localhost-prod", "suppression-expired"]


@pytest.mark.parametrize(
    "written",
    [
        f'"https://localhost:5173/ {IGNORE} because x"',
        f"'https://localhost:5173/{IGNORE} because x'",
        f"https://localhost:5173/{IGNORE.replace(' ', '')}because",
    ],
)
def test_what_stands_in_a_value_is_no_comment(written: str, tmp_path: Path) -> None:
    """Only where YAML sees a comment is one."""
    text = (
        f"project: myapp\nenvironments:\n  prod: {{ tenantId: {TENANT} }}\n"
        f"applications:\n  app:\n    type: application\n    displayName: App\n    notes: {written}\n"
    )

    assert not [each for each in linted(text, tmp_path).findings if each.rule.startswith("suppression")]


def test_a_comment_in_a_block_of_text_is_text(tmp_path: Path) -> None:
    """The lines of a literal block are its value."""
    text = (
        f"project: myapp\nenvironments:\n  prod: {{ tenantId: {TENANT} }}\n"
        "applications:\n  app:\n    type: application\n    displayName: App\n"
        f"    notes: |\n      {IGNORE} because x\n      more\n"
    )

    assert not [each for each in linted(text, tmp_path).findings if each.rule.startswith("suppression")]


def test_one_environment_does_not_make_the_comments_of_another_idle(tmp_path: Path) -> None:
    """Every environment is looked at, whichever is asked for."""
    from entra_config.lint import model, run, table
    from entra_config.manifest import loader
    from tests.unit.lint.snippets import NOW

    report(f"{IGNORE} because x", tmp_path)
    path = tmp_path / "entra-config.yaml"
    path.write_text(
        path.read_text().replace(
            "environments:\n", f"environments:\n  dev: {{ tenantId: {TENANT}, deployers: [W] }}\n"
        )
    )
    found = run.run(loader.loaded(path), model.LintRequest(table.built_in(), NOW, ("dev",)))

    assert (found.findings, found.suppressed) == ((), ())


def test_one_protected_environment_of_several_locks_a_rule(tmp_path: Path) -> None:
    """What is told once of all environments is silenced in none of them."""
    text = (
        "project: myapp\npolicy: { lint: { locked: [redirect-localhost-prod] } }\nenvironments:\n"
        f"  prod: {{ tenantId: {TENANT}, protected: true, deployers: [Writer] }}\n"
        f"  prod-eu: {{ tenantId: {TENANT}, protected: false, deployers: [Writer] }}\n"
        "applications:\n  app:\n    type: spa\n    displayName: App\n    redirectUris:\n"
        f"      - https://localhost:5173/ {IGNORE} because x\n"
    )
    found = {each.rule for each in linted(text, tmp_path, persona="regular").findings}
    assert {"redirect-localhost-prod", "suppression-refused"} <= found
