"""Words in; the parts of a story's manifests, and what strangers bring along, out."""

from __future__ import annotations

import base64
from typing import Any

from entra_emulator.clock import SystemClock
from entra_emulator.login.keys import KeyRing

STAFF, ONE = "All Staff", "On call"
ISSUER = "https://token.actions.githubusercontent.com"
MARKS = ["entra-config:owner=shop/prod", "entra-config:key=job"]


def role(text: str, *members: str, **more: Any) -> dict[str, Any]:
    """Return an app role."""
    return {
        "displayName": text,
        "description": f"{text}.",
        "allowedMemberTypes": list(members or ("User",)),
        **more,
    }


def api(*labels: str, **more: Any) -> dict[str, Any]:
    """Return an API with these roles and one scope."""
    see = {"displayName": "See", "description": "See.", "whoCanConsent": "admins"}
    roles = {label: role(label, "User", "Application") for label in labels}
    return {
        "type": "api",
        "displayName": "API",
        "identifierUris": ["api://${appId}"],
        "scopes": {"see": see},
        "appRoles": roles,
        **more,
    }


def job(**more: Any) -> dict[str, Any]:
    """Return a workload that asks for `api/Writer`."""
    wanted = {"api": {"application": ["Writer"], "adminConsent": True}}
    return {"type": "daemon", "displayName": "Job", "apiPermissions": wanted, **more}


def credential(name: str = "github", subject: str = "repo:mallory/own:ref:refs/heads/main") -> dict[str, Any]:
    """Return a federated credential as Graph takes it."""
    return {"name": name, "issuer": ISSUER, "subject": subject, "audiences": ["api://AzureADTokenExchange"]}


def certificate() -> str:
    """Return somebody's certificate as Graph takes it."""
    return base64.b64encode(KeyRing.generate(SystemClock().now).current.certificate).decode()
