"""What Graph responds of one application in; what rules see of it, beside what its manifest declares, out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from entra_config.actual.fetch import Responses
from entra_config.errors import Position
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.lint import live
from entra_config.lint.subject import (
    Federated,
    LintSubject,
    Permission,
    Placed,
    Redirect,
    SubjectRole,
    SubjectScope,
)
from entra_config.lint.tenant import TenantReading
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from tests.unit.lint.snippets import HEAD

APP_ID, API_ID, OTHER_ID = (f"5c1b2f7e-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
BODY = {"id": "o1", "appId": APP_ID, "displayName": "App"}
APP = Position("m.yaml", 5)
LINE = {name: Position("m.yaml", number) for number, name in enumerate(("a", "b", "c", "d"), 10)}
# What the manifest declares of it: one of each list.
DECLARED = LintSubject(
    "app",
    "App",
    "web",
    APP,
    settings={"displayName": Placed("App", LINE["a"])},
    redirects=(Redirect("web", "https://known.example.com/", LINE["a"]),),
    scopes=(SubjectScope("known", True, True, LINE["b"]),),
    roles=(SubjectRole("Label", "known", ("User",), True, LINE["c"]), SubjectRole("Bare", "bare", ("User",))),
    permissions=(
        Permission("api", "delegated", "known", position=None),
        Permission("api", "delegated", "known", position=LINE["d"]),
        Permission("api", "application", "other", position=LINE["a"]),
    ),
    federated=(Federated("known", "", "", "", LINE["b"], {"subject": LINE["c"]}),),
)


def manifest(folder: Path, more: str = "") -> Manifest:
    """Return a manifest with one application."""
    path = folder / "entra-config.yaml"
    path.write_text(
        f"{HEAD}applications:\n  app: {{ type: api, displayName: App, signInAudience: AzureADMultipleOrgs, "
        f"scopes: {{ read: {{ displayName: R, description: Reads., whoCanConsent: admins }} }} }}\n{more}",
        encoding="utf-8",
    )
    return loader.load(path)


def seen(
    small: Manifest,
    body: dict[str, Any] | None = None,
    *,
    principal: dict[str, Any] | None = None,
    details: dict[Any, tuple[Any, ...]] | None = None,
    responses: Responses | None = None,
    declared: LintSubject | None = DECLARED,
) -> LintSubject:
    """Return what rules see of one application with a body, of a tenant that has an API of ours too."""
    subject = Subject("app", BODY | (body or {}), principal)
    directory = Directory(
        "https://graph.microsoft.com/v1.0",
        live={"app": Live(subject, details or {})},
        names={"r1": "Named.Role", "s1": "Named.Scope", OTHER_ID: "Other API"},
        own_app_ids={APP_ID: "app", API_ID: "api"},
        own_principals={"p-api": "api", "p-lost": "lost"},
        app_ids={"p-other": OTHER_ID},
    )
    read = TenantReading(directory, responses or Responses())
    (found,) = live.subjects(small, (declared,) if declared else (), read)
    return found
