"""An application, with a service principal or without, for the tests of service principals."""

from __future__ import annotations

from typing import Any

from entra_emulator import seed
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World

PATH = "/servicePrincipals"
APP_ID = "0e000000-0000-4000-8000-000000000003"


def world(**properties: Any) -> World:
    """Return a world with an application that has no service principal."""
    made = World()
    made.app("Backing", app_id=APP_ID, tags=["of-app"], **properties)
    return made


def principal(**properties: Any) -> tuple[World, Row]:
    """Return a world with a service principal of that application, and its row."""
    made = world()
    app = made.tenant.application_by_app_id(APP_ID)
    assert app is not None
    row = seed.add_service_principal(made.tenant, app) | properties
    made.tenant.service_principals.put(row)
    return made, row
