"""Applications that a manifest may declare, ours and others', for who reads what refers to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from entra_config.errors import Position
from entra_config.manifest.environments.names import Names
from entra_config.manifest.environments.pins import Lock, Pin
from entra_config.manifest.model import Application, EnterpriseApplication, Named, Setting
from entra_config.manifest.parts import AppRole, MemberType, Scope
from entra_config.manifest.reading.node import Node
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections.declared_applications import DeclaredApplications
from tests.unit.manifest.one_value import found

GALLERY = "6d2c3a8f-0000-4000-8000-000000000000"
STAFF = "5c1b2f7e-0000-4000-8000-00000000000a"
HERE = Position("apps.yaml", 1)


def _role(label: str, *members: MemberType) -> AppRole:
    return AppRole(label, label.lower(), label, label, members)


def _scope(label: str) -> Scope:
    return Scope(label, f"data.{label}", label, label, None, None, "admins")


def own(key: str, name: str, **more: Any) -> Application:
    """Return an application of ours."""
    plain = {"enterprise": EnterpriseApplication(key), "position": HERE, **more}
    return Application(key, plain.pop("type", "web"), {"displayName": Setting(name)}, **plain)


OWN = {
    "api": own(
        "api",
        "Our API",
        type="api",
        scopes={each: _scope(each) for each in ("read", "write")},
        app_roles={
            "Job": _role("Job", "Application"),
            "Person": _role("Person", "User"),
            "Both": _role("Both", "User", "Application"),
        },
    ),
    "client": own("client", "Our Client", previously="old"),
    "none": own("none", "None", enterprise=None),
}
EXTERNAL = {
    "partner": EnterpriseApplication("partner", named=Named("Partner API")),
    "gallery": EnterpriseApplication("gallery", named=Named("Gallery"), app_id=GALLERY),
    "unnamed": EnterpriseApplication("unnamed"),
}
LOCK = Lock(groups={"Staff": Pin(STAFF)})


def read(
    call: Callable[[DeclaredApplications, Names, Node | None], Any], of: Node | None
) -> tuple[Any, list[str]]:
    """Return what a node is read as beside these applications, and what is noted."""

    def run(reader: Reader, node: Node | None) -> Any:
        return call(DeclaredApplications(OWN, EXTERNAL, reader), Names(reader, LOCK), node)

    return found(run, of)
