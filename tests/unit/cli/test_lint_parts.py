"""What `lint` does around its rules: which code it ends with, what it mends, and which hosts it looks up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import lint, wiring
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.errors import Position
from entra_config.lint import hosts, mend, run
from entra_config.lint.model import Fix, LintFinding, LintRequest, Report
from entra_config.manifest.editing.editor import Edit

NOW = datetime(2026, 11, 25, tzinfo=UTC)
FINDING = LintFinding("r", "W", "high", "regular", "m", "h", Position("a.yaml", 1), "web", "", ("dev",))
COMMON = Common(output=Output(no_color=True))
FIX = (Fix("remove", ("a",), "x"),)
ROOT = """\
project: myapp
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111 }
  prod: { tenantId: 22222222-2222-2222-2222-222222222222 }
"""


def report(*findings: LintFinding) -> Report:
    """Return a report."""
    return Report("myapp", ("dev",), findings)


@pytest.mark.parametrize(
    ("findings", "least", "code"),
    [
        ((), "I", 0),
        ((FINDING,), "W", 1),
        ((FINDING,), "E", 0),
        ((FINDING,), "I", 1),
        ((replace(FINDING, severity="I"),), "W", 0),
        ((replace(FINDING, live=True),), "W", 2),
        ((replace(FINDING, live=True), FINDING), "W", 1),
        ((replace(FINDING, live=True), replace(FINDING, severity="I")), "W", 2),
    ],
)
def test_what_only_the_tenant_has_is_code_2(findings: Any, least: Any, code: int) -> None:
    """From the least severity on; what the manifest has is 1."""
    assert lint.exit_code(report(*findings), least) == code


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize("talk", [True, False])
@pytest.mark.parametrize("changes", [True, False])
def test_what_can_be_mended_is_shown_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    *, dry_run: bool, talk: bool, changes: bool,
) -> None:  # fmt: skip
    """Unless it is only tried; what stands elsewhere is left to a person, and said."""
    path = tmp_path / "a.yaml"
    path.write_text("a\n")
    edit = Edit({path: "a\n"}, {path: "b\n"}) if changes else Edit({}, {})
    mended, left = replace(FINDING, fix=FIX), replace(FINDING, rule="other", fix=FIX)
    monkeypatch.setattr(mend, "mend", lambda *_: (edit, [mended]))
    found = lint._mend(COMMON, report(mended, left, FINDING), dry_run=dry_run, talk=talk)
    out, err = capsys.readouterr()
    shown = edit.diff
    assert (out, err[: len(shown)]) == (("", shown) if talk else (shown, err[: len(shown)]))
    more = "1 more could be mended, but stand elsewhere than they are found: by hand\n"
    wrote = changes and not dry_run
    assert err == (shown if talk else "") + more + (f"written: {path}\n" if wrote else "")
    assert (found, path.read_text()) == (wrote, "b\n" if wrote else "a\n")
    monkeypatch.setattr(mend, "mend", lambda *_: (edit, [mended]))
    lint._mend(COMMON, report(mended, FINDING), dry_run=True, talk=False)
    assert capsys.readouterr().err == ""


class Rules:
    """Stands in for the rules: what they were asked, with which readings of tenants."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        (folder / "entra-config.yaml").write_text(ROOT)
        self.common = Common(manifest=folder / "entra-config.yaml", output=COMMON.output)
        self.asked: list[tuple[list[str], LintRequest, dict[str, str]]] = []
        monkeypatch.setattr(run, "run", self.run)
        monkeypatch.setattr(run, "hosts", lambda *_: ["a.example"])
        monkeypatch.setattr(hosts, "resolved", lambda names: ({names[0]: True}, ["b.example", "c.example"]))
        monkeypatch.setattr(wiring, "now", lambda: NOW)

        async def read(_: Common, manifest: Any) -> str:
            return f"tenant {manifest.tenant_id[0]}"

        monkeypatch.setattr(lint, "_read", read)

    def run(self, loaded: Any, request: LintRequest, read: Any) -> Report:
        """Find one thing."""
        self.asked.append(([each.manifest.environment for each in loaded], request, dict(read)))
        return replace(report(FINDING), unread=("a policy",))

    def held(self, *, live: bool = False, resolve: bool = False, **changed: Any) -> Report:
        """Hold the manifest against them."""
        return lint.held(replace(self.common, **changed), {}, "auditor", live=live, resolve=resolve)


BOTH = ("dev", "prod")


@pytest.mark.parametrize(
    ("how", "chosen", "read"),
    [
        ({}, BOTH, {}),
        ({"environment": "prod"}, ("prod",), {}),
        ({"environment": "prod", "live": True}, ("prod",), {"prod": "tenant 2"}),
    ],
)
def test_which_environments_are_held(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, how: Any, chosen: tuple[str, ...], read: dict[str, str]
) -> None:
    """All, or the one that is named; a tenant is read where that is said."""
    rules = Rules(monkeypatch, tmp_path)
    assert rules.held(**how).unread == ("a policy",)
    assert rules.asked == [(list(BOTH), LintRequest({}, NOW, chosen, "auditor"), read)]


def test_hosts_are_looked_up_where_that_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Which could not be looked up is told beside what else was not read."""
    rules = Rules(monkeypatch, tmp_path)
    found = rules.held(resolve=True)
    ((_, request, _),) = rules.asked
    assert request == LintRequest({}, NOW, BOTH, "auditor", {"a.example": True})
    assert found.unread == ("a policy", "whether b.example resolves", "whether c.example resolves")
