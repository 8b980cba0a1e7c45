"""Manifests of applications, and requests that are asked of Graph."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from entra_config.actual import questions
from entra_config.graph.request import Request
from entra_config.manifest.model import (
    Application,
    Manifest,
    Setting,
)
from entra_config.manifest.sections import microsoft
from tests.unit.plan import estates

APP = ",".join(questions.APPLICATION_FIELDS)
KEYLESS = APP.replace("keyCredentials,", "")
PRINCIPAL = ",".join(questions.PRINCIPAL_FIELDS)
API = ",".join(questions.API_FIELDS)
GRAPH = "Microsoft Graph"
STORAGE = microsoft.APIS["Azure Storage"]


def get(path: str) -> Request:
    """Make a GET."""
    return Request("GET", path)


def declared(*applications: Application, **more: Any) -> Manifest:
    """Make a manifest of these applications."""
    return replace(estates.manifest(), applications={each.key: each for each in applications}, **more)


def with_uris(*values: list[str] | None, **more: Any) -> Manifest:
    """Make a manifest of applications with these identifier URIs."""
    settings = [{} if each is None else {"identifierUris": Setting(each)} for each in values]
    apps = [Application(f"a{number}", "api", each) for number, each in enumerate(settings)]
    return declared(*apps, **more)


def app(key: str = "api", **more: Any) -> Application:
    """Make an application."""
    settings = {path: Setting(1) for path in more.pop("settings", ())}
    return Application(key, "api", settings, **more)
