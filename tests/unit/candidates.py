"""Candidates of an identification: applications with tags of an owner and a key, and a manifest of some."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from entra_config.manifest import loader
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Lock
from entra_config.manifest.model import Manifest

TENANT = "11111111-1111-1111-1111-111111111111"
MANIFEST = """\
project: p
environments: {{ dev: {{ tenantId: {tenant} }} {more} }}
applications: {{ {applications} }}
removed: {{ applications: {{ {removed} }} }}
"""


def app_id(name: str) -> str:
    """Return an appId that the table calls by a letter."""
    return f"00000000-0000-4000-8000-0000000000{ord(name):02x}"


def app(name: str, *tags: str, unique_name: str | None = None) -> dict[str, Any]:
    """Return an application; `p/dev` in its tags is an owner mark, all else a key mark."""
    marks = [f"entra-config:{'owner' if '/' in tag else 'key'}={tag}" for tag in tags]
    return {
        "id": f"id-{name}",
        "appId": app_id(name),
        "displayName": name,
        "tags": marks,
        "uniqueName": unique_name,
    }


def declared(
    folder: Path,
    applications: str = "api: {}",
    removed: str = "",
    pins: Lock | None = None,
    elsewhere: Lock | None = None,
) -> Manifest:
    """Return a manifest of some applications; `elsewhere` is the lock file of another environment."""
    filled = applications.replace("{}", "{ type: api, displayName: A }")
    path = folder / "entra-config.yaml"
    more = f", prod: {{ tenantId: {TENANT} }}" if elsewhere else ""
    text = MANIFEST.format(tenant=TENANT, more=more, applications=filled, removed=removed)
    path.write_text(text, encoding="utf-8")
    if elsewhere is not None:
        lock.save(loader.lock_path(path, "prod"), elsewhere, "prod")
    return loader.load(path, "dev", pins=pins or Lock())


OURS = ("p/dev", "api")
