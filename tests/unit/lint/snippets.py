"""The example of a rule in; a manifest on disk, and where its mark stands, out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from entra_config.lint import model, run, table
from entra_config.lint.model import Finding, Persona, Report
from entra_config.manifest import loader
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
    text: str, folder: Path, *, persona: Persona = "auditor", hosts: Mapping[str, bool] = NO_HOSTS, now: datetime = NOW
) -> Report:
    """Write a manifest and hold it against every rule."""
    path = folder / "entra-config.yaml"
    path.write_text(text, encoding="utf-8")
    write_certificates(folder, text, now)
    loaded = loader.loaded(path)
    every = tuple(each.manifest.environment for each in loaded)
    return run.run(loaded, model.Asked(table.built_in(), now, every, persona, hosts))


def of_rule(report: Report, rule: str) -> list[Finding]:
    """Return the findings of one rule."""
    return [each for each in report.findings if each.rule == rule]
