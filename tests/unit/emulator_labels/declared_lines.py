"""A tenant with an API and a page of a project, and the lines that declare what changed there."""

from dataclasses import replace
from typing import Any

import yaml

from entra_config.emulator_labels.declaring import declare
from entra_emulator import seed
from entra_emulator.extension import Change, Moments
from entra_emulator.portal.labels import label_of
from entra_emulator.portal.visit import Visit
from entra_emulator.snapshots.compare import Kind
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.labelling import put

OWNER = "myapp/prod"
LABELS = {"application.api/scope/user.read": "reading", "application.api/appRole/Reader": "readers"}
PLACES = {
    "application.api": "api.yaml:3",
    "application.api/scope/user.read": "api.yaml:9",
    "application.api/appRole/Reader": "roles.yaml:1",
    "application.api/redirectUri/https:%2F%2Fa.example%2F": "api.yaml:5",
    "federatedCredential.spa/ci": "spa.yaml:5",
    "application.spa": "spa.yaml:1",
    "permissionGrant.spa/api/user.read": "spa.yaml:2",
    "appRoleAssignment.api/Reader/user:erin@contoso.com": "access.yaml:4",
    "appRoleAssignment.api/Admin/group:nobody": "admins.yaml:1",
}
READ, WRITE = (seed.fixed_id("api", value) for value in ("user.read", "user.write"))
READER = seed.fixed_id("api", "role", "Reader")
STAFF = "0d000000-0000-4000-8000-0000000000aa"


def visited() -> Visit:
    """Give an API and a page of ours, and a client that has no mark."""
    world = World()
    for name in ("api", "spa"):
        world.set(name, tags=[f"entra-config:owner={OWNER}", f"entra-config:key={name}"])
    world.set("api", web={"redirectUris": ["https://a.example/"]})
    world.grant("spa", "api", "user.read user.write")
    world.grant("spa", "api", "user.read", user="bob")
    world.grant("daemon", "api", "user.read")
    world.set("other", tags=["entra-config:owner=theirs/dev", "entra-config:key=job"])
    world.assign("user:bob", "api", "Writer")
    world.assign("user:erin", "api", "Reader")
    world.assign("user:alice", "api", "default")
    world.assign("group:MyApp Admins", "api", "Admin")
    world.assign("group:All Staff", "api", "Admin")
    for holder in ("spa", "daemon", "other"):
        world.assign(f"app:{holder}", "api", "Reader")
    (staff,) = world.tenant.groups.find("displayName", "all staff")
    world.tenant.groups.put({**staff, "id": STAFF})
    browser = Browser(world)
    assert put(browser, PLACES, LABELS).status_code == 200
    return browser.visit()


def id_of(visit: Visit, app_id: str) -> str:
    """Return the object id of a registration."""
    row = visit.tenant.application_by_app_id(app_id)
    assert row
    return str(row["id"])


def declared(visit: Visit, place: str, kind: Kind, *, key: str = "api", **more: Any) -> tuple[Any, str]:
    """Return what the lines of a change say and beside what they stand, or the reason why there are none."""
    on = id_of(visit, seed.fixed_id("login", key))
    change = Change(place, kind=kind, **{"id": on, **more})
    change = replace(change, label=label_of(visit, change))
    (found,) = declare([change], Moments(visit.tenant, visit.tenant, visit.labels))
    return (yaml.safe_load(found.lines), found.file) if found.lines else ("", found.reason)
