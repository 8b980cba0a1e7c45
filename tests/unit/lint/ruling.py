"""Small applications in; what one rule finds of them, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from entra_config.errors import Position
from entra_config.lint import table
from entra_config.lint.model import Hit, Other, TenantFacts, View
from entra_config.lint.subject import LintSubject, Permission, Placed, Redirect
from entra_config.manifest.model import Manifest
from tests.unit.plan.estates import manifest

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
APP, HERE = Position("m.yaml", 5), Position("m.yaml", 9)
RULES = table.built_in()


def app(key: str = "app", type_: str = "web", **more: Any) -> LintSubject:
    """Return an application with something of its own; settings are given as plain values."""
    settings = {path: Placed(value, HERE) for path, value in more.pop("settings", {}).items()}
    return LintSubject(key, more.pop("name", "App"), type_, APP, settings=settings, **more)


def asks(value: str, kind: Any = "application", **more: Any) -> Permission:
    """Return a permission that stands somewhere."""
    return Permission(more.pop("api", "Graph"), kind, value, position=HERE, **more)


def pages(*uris: str, platform: Any = "web") -> dict[str, Any]:
    """Return redirect URIs, as an application has them."""
    path = ("applications", "app", "platforms", platform)
    return {"redirects": tuple(Redirect(platform, uri, HERE, path) for uri in uris)}


def hits(
    rule: str,
    *subjects: LintSubject,
    own: Manifest | None = None,
    facts: Mapping[str, Any] | None = None,
    hosts: Mapping[str, bool] | None = None,
    others: tuple[Other, ...] = (),
) -> list[Hit]:
    """Return what a rule finds; with facts it is a tenant that is seen."""
    view = View(own or manifest(), subjects, NOW, others)
    if facts is not None:
        view = replace(view, tenant=TenantFacts(facts))
    return list(RULES[rule].check(replace(view, hosts=hosts or {})))


def found(rule: str, *subjects: LintSubject, **more: Any) -> list[str]:
    """Return what it finds by the names of the things."""
    return [each.what for each in hits(rule, *subjects, **more)]
