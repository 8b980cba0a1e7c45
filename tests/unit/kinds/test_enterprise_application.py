"""Enterprise applications of ours: declared, there, what they open to whom, and the requests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.kinds.base import (
    CREATED_TAG,
    KEY_TAG,
    LOOKED_TAG,
    OWNER_TAG,
    application_address,
    enterprise_address,
)
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.enterprise_application import EnterpriseApplicationKind
from entra_config.kinds.facts import ApplicationFacts, EnterpriseFacts
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.model import Application, EnterpriseApplication, Manifest, Setting
from entra_config.manifest.policy import Removed
from entra_config.plan.model import (
    Change,
    Create,
    Delete,
    Effect,
    FieldChange,
    Release,
    Restore,
    Update,
    address_of,
)
from entra_config.plan.steps import Phase, Step
from entra_config.resource import Resource, State
from tests.unit.kinds.clients import HERE, THERE
from tests.unit.plan.estates import manifest as small

KIND = EnterpriseApplicationKind()
API, PLACE = application_address("api"), enterprise_address("api")
MARKS = [f"{KEY_TAG}api", f"{OWNER_TAG}myapp/prod"]
REQUIRED = "appRoleAssignmentRequired"


def declaring(enterprise: EnterpriseApplication | None, **more: Any) -> Manifest:
    """Return a manifest with the API, and its enterprise application."""
    tags = {"tags": Setting(more.pop("tags"))} if "tags" in more else {}
    api = Application("api", "api", tags, enterprise=enterprise, position=THERE, **more)
    return replace(small(), applications={"api": api})


def reading(principal: dict[str, Any] | None, key: str = "api", **more: Any) -> Directory:
    """Return a tenant with the API, and its service principal."""
    live = Live(Subject(key, None if more.get("others") else {"id": "1", "appId": "a"}, principal, **more))
    return Directory("https://graph", live={key: live})


def resource(id_: str | None = None, deleted: str | None = None, **values: Any) -> Resource:
    """Return one as a resource."""
    return Resource(PLACE, values, EnterpriseFacts(id_, deleted), title="api", parent=API)


OPEN = EnterpriseApplication("api", {REQUIRED: Setting(False), "notes": Setting("n", HERE)}, position=HERE)
BARE = EnterpriseApplication("api")


THEIRS = {"tags": [*MARKS, "hand", f"{CREATED_TAG}1", f"{LOOKED_TAG}2"]}


GONE = {"removed": {"api": Removed("api", destroy=True)}, "applications": {}}
BODY = {"id": "sp", "tags": ["t"], REQUIRED: True, "notes": "x", "description": "no matter"}


@pytest.mark.parametrize(
    ("declared", "directory", "expected"),
    [
        (
            declaring(OPEN),
            reading(BODY),
            [resource("sp", appRoleAssignmentRequired=True, notes="x", tags=["t"])],
        ),
        (declaring(BARE), reading({"id": "sp", "tags": None}), [resource("sp", tags=[])]),
        (declaring(BARE), reading(None), []),
        (declaring(BARE), reading(BODY, others=True), []),
        (declaring(BARE), reading(BODY, "other"), []),
        (declaring(None), reading(BODY), []),
        (replace(small(), **GONE), reading(BODY), [resource("sp", tags=["t"])]),
        (replace(small(), applications={}), reading(BODY), []),
        (
            declaring(BARE),
            reading({**BODY, "deletedDateTime": "2026-11-01"}, deleted=True),
            [resource("sp", "2026-11-01", tags=["t"])],
        ),
    ],
)
def test_what_is_there(declared: Manifest, directory: Directory, expected: list[Resource]) -> None:
    """Of ours, what the manifest declares or removes: what it says of it, and the tags."""
    assert list(KIND.actual(declared, directory)) == expected


def test_what_it_is_asked_and_called() -> None:
    """Nothing more; by both its ids, and its own once it is there."""
    tenant = {API: ApplicationFacts("1", service_principal_id="sp")}
    assert KIND.questions(Subject("api", {"id": "1"}, BODY), declaring(BARE)) == {}
    assert KIND.trace.ends(resource("own"), tenant) == {"object": "own", "registration": "1"}
    assert KIND.trace.ends(resource(), tenant) == {"object": "sp", "registration": "1"}
    assert KIND.trace.ends(resource(), {}) == {"object": None, "registration": None}
    assert KIND.normal({"tags": [f"{CREATED_TAG}1", "a"]}) == {"tags": ["a"]}


def test_a_setting_opens_it_or_has_effects_of_its_own() -> None:
    """What is made is open as Graph makes it; what people read has none."""
    fields = (
        FieldChange(REQUIRED, True, False, position=HERE),
        FieldChange("accountEnabled", False, True),
        FieldChange("notes", "a", "b"),
        FieldChange("tags", [], ["a"]),
        FieldChange("loginUrl", "a", "b", position=HERE),
    )
    opened = Effect("sign-in", f"api (enterprise application): {REQUIRED}: true → false", PLACE, HERE)
    enabled = Effect("sign-in", "api (enterprise application): accountEnabled: false → true", PLACE)
    url = Effect("setting", 'api (enterprise application): loginUrl: "a" → "b"', PLACE, HERE)
    changed = resource()
    assert list(KIND.effects(Update(changed, changed, fields))) == [opened, enabled, url]
    restored, *more = KIND.effects(Restore(changed, changed, fields))
    assert (restored.type, more) == ("restore", [opened, enabled, url])
    assert list(KIND.effects(Create(changed, fields))) == [url]
    assert list(KIND.effects(Delete(changed, fields))) == []
    closed = (FieldChange(REQUIRED, False, True), FieldChange("accountEnabled", True, False))
    assert list(KIND.effects(Update(changed, changed, closed))) == []


def writes(change: Change) -> list[Step | Patch]:
    """Return the writes of a change."""
    changes = {address_of(change): change}
    return list(KIND.expand(WriteView(small(), Directory("https://graph"), State({}), State({}), changes)))


def patch(values: dict[str, Any]) -> Patch:
    """Return a part of a PATCH of it."""
    return Patch(PLACE, Phase.EXTEND, values, (PLACE,), API)


def test_how_it_changes() -> None:
    """What differs, in one part; let go, it loses the marks of this tool alone."""
    before, after = (
        resource(tags=THEIRS["tags"], notes="a"),
        resource(tags=THEIRS["tags"], notes="b", loginUrl="c"),
    )
    assert writes(Update(before, after)) == [patch({"notes": "b", "loginUrl": "c"})]
    assert writes(Release(before)) == [patch({"tags": ["hand"]})]
    assert writes(Delete(before)) == []
