"""The example of a rule in; a manifest on disk, and where its mark stands, out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from entra_config.actual.fetch import Responses
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.lint import live, model, run, table
from entra_config.lint.model import LintFinding, Persona, Report, Rule, TenantFacts
from entra_config.lint.tenant import TenantReading, owners_of, second_factor
from entra_config.manifest import loader
from tests.unit.lint.certificates import in_full
from tests.unit.lint.certificates import write as write_certificates

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
MARK = "«"
TENANT = "11111111-1111-1111-1111-111111111111"
HEAD = f"""\
project: myapp
environments:
  dev: {{ tenantId: {TENANT} }}
"""
NO_HOSTS: Mapping[str, bool] = MappingProxyType({})


def marked(text: str) -> tuple[str, tuple[int, int]]:
    """Return a whole manifest without its mark, and line and column of the mark."""
    whole = text if "project:" in text else HEAD + text
    before, _, after = whole.partition(MARK)
    assert MARK not in after, "one finding, one mark"
    return before + after, (before.count("\n") + 1, len(before) - before.rfind("\n"))


def linted(
    text: str,
    folder: Path,
    *,
    persona: Persona = "auditor",
    hosts: Mapping[str, bool] = NO_HOSTS,
    now: datetime = NOW,
) -> Report:
    """Write a manifest and hold it against every rule."""
    path = folder / "entra-config.yaml"
    path.write_text(text, encoding="utf-8")
    write_certificates(folder, text, now)
    loaded = loader.loaded(path)
    every = tuple(each.manifest.environment for each in loaded)
    return run.run(loaded, model.LintRequest(table.built_in(), now, every, persona, hosts))


def of_rule(report: Report, rule: str) -> list[LintFinding]:
    """Return the findings of one rule."""
    return [each for each in report.findings if each.rule == rule]


APPLICATION_LINE = 5
ACCEPTED = "22222222-0000-4000-8000-000000000002"
APP_ID = "5c1b2f7e-0000-4000-8000-000000000000"


def responded(text: str) -> dict[str, Any]:
    """Return Graph's answers that an example holds: `application`, `servicePrincipal`, `owners`,
    `secondFactors`, and `facts`.

    Times are texts, as Graph sends them, and certificates are whole.
    """
    whole = in_full(text.replace('"', ""), NOW)
    said: dict[str, Any] = yaml.safe_load(re.sub(r"(\d{4}-\d\d-\d\dT[\d:]+Z)", r'"\1"', whole))
    return said


def live_findings(rules: Mapping[str, Rule], said: Mapping[str, Any], folder: Path) -> list[LintFinding]:
    """Return what rules find in a tenant that has one application, of a manifest's key `app`."""
    path = folder / "entra-config.yaml"
    path.write_text(
        f"{HEAD}applications:\n  app: {{ type: application, displayName: App, appId: {APP_ID} }}\n",
        encoding="utf-8",
    )
    (folder / "entra-config.dev.lock.yaml").write_text(
        f"tenantId: {TENANT}\napplications:\n  app: {{ appId: {APP_ID}, keyIds: [{ACCEPTED}] }}\n",
        encoding="utf-8",
    )
    loaded = loader.loaded(path)
    requested = model.LintRequest(rules, NOW, ("dev",), "auditor")
    body = {"id": "1", "appId": APP_ID, **said["application"]}
    subject = Subject("app", body, {"id": "2", "appId": APP_ID, **said.get("servicePrincipal", {})})
    responses = Responses()
    responses.add(owners_of("app"), said.get("owners", []))
    for person, registered in said.get("secondFactors", {}).items():
        responses.add(second_factor(person), [{"id": person, "isMfaRegistered": registered}])
    read = TenantReading(
        Directory(
            "https://graph.microsoft.com/v1.0", live={"app": Live(subject)}, own_app_ids={APP_ID: "app"}
        ),
        responses,
    )
    (view,) = run.manifest_views(loaded, requested)
    seen = replace(
        view,
        subjects=live.subjects(view.manifest, view.subjects, read),
        tenant=TenantFacts(said.get("facts", {})),
    )
    return list(run.findings(seen, "live", requested))
