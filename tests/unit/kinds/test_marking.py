"""Which clients are marked before they are given something, and with which tags."""

from __future__ import annotations

from entra_config.graph.request import Request
from entra_config.kinds.base import LOOKED_TAG, application_address, looked_ref, text
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.expansion import marking
from entra_config.kinds.writes import Patch, Rechecks, WriteView
from entra_config.plan.model import FieldChange, Update
from entra_config.plan.steps import Order, Phase, Step
from entra_config.resource import Resource, State
from tests.unit.plan.estates import API, manifest

JOB, SPA = application_address("job"), application_address("spa")
LOOKS = {
    JOB: Rechecks((), (), marked=True),
    API: Rechecks((), (), marked=True),
    SPA: Rechecks((), ()),
}
LIVE = {
    "job": Live(Subject("job", {"tags": ["mine", f"{LOOKED_TAG}1"]})),
    "api": Live(Subject("api", {"tags": None})),
}


def marks(*changes: Update) -> list[Patch]:
    """Return the marks of writes that arm these clients."""
    arms = frozenset({JOB, API, SPA, application_address("none")})
    grant = Step("grant", (), Phase.REFERENCE, Request("POST", "/g"), API, order=Order(arms=arms))
    by_address = {change.after.address: change for change in changes}
    directory = Directory("https://graph", live=LIVE)
    view = WriteView(manifest(), directory, State({}), State({}), by_address, looks=LOOKS)
    return list(marking([grant], view))


def test_tags_that_change_before_are_those_that_it_has_then() -> None:
    """Whatever else changes is no matter."""
    after = Resource(JOB, {"tags": ["new"]})
    for fields, tags in (
        ((FieldChange("notes"), FieldChange("tags")), ["new"]),
        ((FieldChange("notes"),), ["mine"]),
    ):
        found = marks(Update(Resource(JOB, {}), after, fields))
        assert found[1].values == {"tags": [*tags, text(LOOKED_TAG, looked_ref("job"))]}
