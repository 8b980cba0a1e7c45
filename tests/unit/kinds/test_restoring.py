"""What is remembered of deleted applications, and what comes back with them."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.kinds import restoring
from entra_config.kinds.application_steps import REQUIRED
from entra_config.kinds.base import application_address
from entra_config.kinds.details import CONSENTS, HOLDERS, HOLDINGS, DelegatedConsent, RoleHolding
from entra_config.kinds.directory import Api, Directory, Live, Subject
from entra_config.resource import Resource, State


def asks(api: str, *access: tuple[str, str]) -> dict[str, Any]:
    """Return what is requested of an API."""
    return {"resourceAppId": api, "resourceAccess": [{"id": id_, "type": type_} for id_, type_ in access]}


def live(key: str, *required: dict[str, Any], deleted: bool = False) -> Live:
    """Return an application of ours with its service principal."""
    application = {"appId": f"app-{key}", REQUIRED: list(required) or None}
    return Live(Subject(key, application, {"id": f"sp-{key}"}, deleted=deleted))


HELD = RoleHolding("1", "r0", "someone", "User", "Ann", "sp-gone", "gone")
TO_UNKNOWN = asks("app-unknown", ("r7", "Role"))
TO_BOTH = asks("app-hr", ("r1", "Role"), ("s1", "Scope"), ("s2", "Scope"))
GONE = live("gone", TO_UNKNOWN, TO_BOTH, deleted=True)
DIRECTORY = Directory(
    "https://graph",
    live={
        "bare": Live(Subject("bare", {"appId": "app-bare", REQUIRED: [asks("app-gone", ("r2", "Role"))]})),
        "theirs": Live(Subject("theirs", None, {"id": "sp-theirs"}, others=True)),
        "gone": Live(GONE.subject, {HOLDERS: (HELD,)}),
        "job": live("job", asks("app-gone", ("s3", "Scope"), ("r2", "Role")), asks("app-hr", ("r1", "Role"))),
        "idle": live("idle"),
        "old": Live(Subject("old", None, {"id": "sp-old"}, deleted=True, others=True)),
        "half": Live(Subject("half", {"appId": "app-half"}, deleted=True)),
    },
    apis={
        "hr": Api("hr", "sp-hr", "app-hr", {}, {}, {}),
        "gone": Api("gone", None, "app-gone", {}, {}, {}),
    },
    app_ids={"sp-hr": "app-hr"},
    own_principals={"sp-gone": "gone", "sp-job": "job"},
    names={"sp-hr": "HR"},
)


def test_what_was_requested_comes_back_with_consent() -> None:
    """Of a deleted client and of a deleted API; what both ends of are there is as Graph says."""
    found = restoring.returned(DIRECTORY, restoring.back(DIRECTORY))
    assert found.live["gone"].details == {
        HOLDERS: (HELD, RoleHolding("", "r2", "sp-job", "ServicePrincipal", "job", "sp-gone", "gone")),
        HOLDINGS: (RoleHolding("", "r1", "sp-gone", "ServicePrincipal", "gone", "sp-hr", "HR"),),
        CONSENTS: (DelegatedConsent("", "sp-gone", "sp-hr", True, "", "s1 s2"),),
    }
    assert found.live["job"].details == {
        CONSENTS: (DelegatedConsent("", "sp-job", "sp-gone", True, "", "s3"),)
    }
    for key in ("bare", "theirs", "idle", "half", "old"):
        assert found.live[key] is DIRECTORY.live[key]


TO_GONE, TO_HR = asks("app-gone", ("r2", "Role")), asks("app-hr", ("r1", "Role"))


@pytest.mark.parametrize(
    ("key", "before", "wanted", "remembered"),
    [
        ("job", [TO_GONE, TO_HR], [], [TO_GONE]),
        ("job", [TO_GONE], [TO_HR], [TO_HR, TO_GONE]),
        ("job", [TO_GONE], [TO_GONE], [TO_GONE]),
        ("gone", [TO_HR], [], [TO_HR]),
        ("gone", None, [], []),
        ("gone", [TO_HR], None, None),
    ],
)
def test_a_request_stays_while_an_end_of_it_is_deleted(
    key: str, before: Any, wanted: Any, remembered: Any
) -> None:
    """It is all that says what is to come back; no other request stays, and none twice."""
    place = application_address(key)
    after = Resource(place, {} if wanted is None else {REQUIRED: wanted})
    actual = State({place: Resource(place, {} if before is None else {REQUIRED: before})})
    assert restoring.remembering(DIRECTORY, after, actual).values.get(REQUIRED) == remembered
    assert restoring.remembering(DIRECTORY, after, State({})) is after
