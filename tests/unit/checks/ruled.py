"""What one rule, or several, report of a manifest and a tenant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from entra_config.checks import rule, table
from entra_config.checks.changes import ChangesView
from entra_config.checks.consenting import Consenting
from entra_config.checks.grants import GrantView
from entra_config.checks.rule import Rule
from entra_config.checks.tenant import TenantView
from entra_config.checks.trust import Doubt
from entra_config.kinds.base import Grant
from entra_config.kinds.directory import Directory
from entra_config.manifest.model import Manifest

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def of_tenant(
    asked: Rule[TenantView] | tuple[Rule[TenantView], ...],
    manifest: Manifest,
    directory: Directory,
    *,
    doubts: Mapping[str, Doubt] | None = None,
    now: datetime = NOW,
    signed_in: str = "",
    trusting: bool = False,
) -> list[Any]:
    """Return what rules of the tenant stage report, in the order of the table."""
    wanted = asked if isinstance(asked, tuple) else (asked,)
    view = TenantView(manifest, directory, doubts or {}, now, signed_in, trusting)
    stage = ((items, tuple(each for each in rules if each in wanted)) for items, rules in table.TENANT)
    return list(rule.judge(tuple(walk for walk in stage if walk[1]), view))


def of_changes(asked: tuple[Rule[ChangesView], ...], view: ChangesView) -> list[Any]:
    """Return what rules of the stage of changes report, each once, in the order of the table."""
    stage = ((items, tuple(each for each in rules if each in asked)) for items, rules in table.CHANGES)
    return [*dict.fromkeys(rule.judge(tuple(walk for walk in stage if walk[1]), view))]


def of_grant(
    grant: Grant,
    manifest: Manifest,
    directory: Directory,
    *,
    doubts: Mapping[str, Doubt] | None = None,
    consenting: Consenting | None = None,
    allow: frozenset[str] = frozenset(),
) -> Any:
    """Return what the first rule that finds something reports of a grant."""
    view = GrantView(grant, manifest, directory, doubts or {}, consenting or Consenting({}, {}), allow)
    return next(rule.judge(table.GRANTS, view), None)
