"""Manifests of names, and responses about who bears them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from entra_config.actual.fetch import Responses
from entra_config.actual.question import ByIds, NameBearers
from entra_config.errors import Position
from entra_config.kinds.directory import Principal
from entra_config.manifest.model import Manifest, Named, RoleAssignees
from tests.unit.plan import estates

USER, GROUP, SP = "user", "group", "servicePrincipal"
MARKED = "other/prod/hr"
TAGS = ["entra-config:owner=other/prod", "entra-config:key=hr"]
HERE = Position("a.yaml", 3)


def declared(
    *,
    users: tuple[Named, ...] = (),
    groups: tuple[Named, ...] = (),
    apps: tuple[Named, ...] = (),
    **more: Any,
) -> Manifest:
    """Make a manifest with holders of one role."""
    held = RoleAssignees("api", "A", users, groups, service_principals=apps)
    return replace(
        estates.manifest(protected=more.pop("protected", False)), assignments={("api", "A"): held}, **more
    )


def item(type_: str, id_: str, name: str = "", **more: Any) -> dict[str, Any]:
    """Make an object as Graph returns it by its id."""
    return {"@odata.type": f"#microsoft.graph.{type_}", "id": id_, "displayName": name or id_, **more}


def read(
    *by_ids: dict[str, Any], bearers: dict[tuple[str, str], Sequence[dict[str, Any]]] | None = None
) -> Responses:
    """Make responses of objects by id, and of who bears names."""
    responses = Responses()
    responses.add(ByIds("0"), [*by_ids])
    for (type_, name), items in (bearers or {}).items():
        responses.add(NameBearers(type_, name), [*items])
    return responses


LI, HR, APP = Principal("u", "li@x", USER), Principal("g", "HR", GROUP), Principal("s", "HR", SP)
LI_BODY, HR_BODY = {"id": "u", "userPrincipalName": "li@x"}, {"id": "g", "displayName": "HR"}
