"""Whom, and which role, somebody means by what they type."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from entra_config.actual import whom
from entra_config.actual.access import Access, Holding, Offer, Ownership
from entra_config.actual.whom import Who
from entra_config.errors import UsageError
from entra_config.graph.request import Request, Response
from tests.unit.graph.doors import Door, graph

ID, APP = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
ANN = {"@odata.type": "#microsoft.graph.user", "id": ID, "userPrincipalName": "ann@x", "displayName": "Ann"}
ROBOT = {"id": APP, "appId": "app", "displayName": "Robot"}
REGISTRATION = {"@odata.type": "#microsoft.graph.application", "id": "r", "appId": "app"}


def found(text: str, *items: dict[str, Any], access: Access | None = None) -> tuple[Who | str, list[str]]:
    """Return whom a text means where the tenant knows some by it, or the error; and what was read."""

    def respond(request: Request) -> Response:
        if "(appId=" in str(request.path):
            return Response(200, ROBOT) if REGISTRATION in items else Response(404, {"error": {"code": ""}})
        return Response(200, {"value": [] if "/servicePrincipals" in str(request.path) else list(items)})

    door = Door(respond)
    try:
        who: Who | str = asyncio.run(whom.find(graph(door), access or Access((), ()), text))
    except UsageError as error:
        who = str(error)
    return who, [path for _, path in door.requests()]


@pytest.mark.parametrize(
    ("item", "who"),
    [
        (ANN, Who(ID, "ann@x", "user")),
        ({**ANN, "userPrincipalName": None}, Who(ID, "Ann", "user")),
        ({"id": ID}, Who(ID, ID, "user")),
        ({"id": ID, "displayName": None, "userPrincipalName": ""}, Who(ID, ID, "user")),
        (ROBOT, Who(APP, "Robot", "application")),
        ({"@odata.type": "#microsoft.graph.servicePrincipal", "id": APP}, Who(APP, APP, "application")),
        (REGISTRATION, Who(APP, "Robot", "application")),
    ],
)
def test_an_id_means_whoever_bears_it(item: dict[str, Any], who: Who) -> None:
    """A registration means its service principal; whoever has no name is called by the id."""
    assert found(ID, item)[0] == who


def test_an_id_of_nobody_means_nobody() -> None:
    """And one that several bear says which there are."""
    assert found(ID)[0] == f"`{ID}` is not a user or application of this tenant."
    both = found("Ann", {"id": "2", "displayName": "Ann"}, {"id": "1", "displayName": "Ann"})[0]
    assert both == "`Ann` is 2: user Ann (1), user Ann (2); say which by its id"


HELD = Holding("api", "Admin", "user", "ann@x", ID, "direct")
ACCESS = Access(
    (HELD, replace(HELD, type="group", name="Staff", id="g")),
    (Ownership("api", "user", "bob@x", "b"),),
    offers=(Offer("api", ("Admin", "chief", "Chief of all", "1")), Offer("hr", ("Reader", "read", "R", "2"))),
    called={"api": frozenset({"api", "My API"}), "hr": frozenset({"hr"})},
    principals={"api": APP},
)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("ANN@x", Who(ID, "ann@x", "user")),
        ("bob@x", Who("b", "bob@x", "user")),
        ("b", Who("b", "bob@x", "user")),
        ("my api", Who(APP, "api", "application")),
        ("API", Who(APP, "api", "application")),
        ("Staff", "`Staff` is not a user or application of this tenant."),
        ("hr", "`hr` is not a user or application of this tenant."),  # it has no service principal
    ],
)
def test_whoever_holds_or_owns_something_is_known_whatever_the_tenant_lists(
    text: str, who: Who | str
) -> None:
    """By name or id; a group is nobody who signs in."""
    answer = found(text, access=ACCESS)[0]
    assert answer == who if isinstance(who, Who) else str(answer).startswith(who)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("admin", "api"),
        ("api/Admin", "api"),
        ("My API/chief", "api"),
        ("Chief of all", "api"),
        ("hr/2", "hr"),
    ],
)
def test_a_role_is_meant_by_each_of_its_names(text: str, role: str) -> None:
    """Alone, or behind a name of its application."""
    assert whom.role(ACCESS, text, "us").application == role


@pytest.mark.parametrize("text", ["hr/Admin", "nobody"])
def test_what_is_no_role_is_said(text: str) -> None:
    """One of another application is none either."""
    with pytest.raises(UsageError, match=f"^`{text}` is not a role of us"):
        whom.role(ACCESS, text, "us")


def test_a_value_or_label_means_more_than_a_name() -> None:
    """Of two that are called alike as well, each is named by what tells them apart."""
    named = Offer("b", ("x", "y", "Admin", "9"))
    assert whom.role(replace(ACCESS, offers=(*ACCESS.offers, named)), "admin", "us").application == "api"
    also = Offer("b", ("x", "admin", "X", "9"))
    with pytest.raises(UsageError, match=r"^`admin` is 2 roles: api/Admin \(1\), b/x \(9\); say which"):
        whom.role(replace(ACCESS, offers=(*ACCESS.offers, also)), "admin", "us")


def test_what_clients_hold_for_everybody_is_a_role_too() -> None:
    """By the scope; what one person consented to is not."""
    scope = Holding("api", "read", "application", "Robot", APP, "consent for everybody")
    assert whom.role(Access((scope,), ()), "read", "us").names == ("read",)
    with pytest.raises(UsageError):
        whom.role(Access((replace(scope, through="direct"),), ()), "read", "us")


@pytest.mark.parametrize(
    ("held", "fits"),
    [
        (HELD, True),
        (replace(HELD, application="hr"), False),
        (replace(HELD, role="Reader"), False),
        (replace(HELD, role="1", label="chief"), True),
        (replace(HELD, role="1", label="other"), False),
    ],
)
def test_a_holding_is_of_a_role_by_any_of_its_names(held: Holding, fits: bool) -> None:
    """Its label must be one of them too."""
    assert whom.fits(held, ACCESS.offers[0]) is fits


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (
            ID,
            {
                "/directoryObjects/getByIds?$select=id,displayName,userPrincipalName,appId",
                f"/servicePrincipals(appId='{ID}')?$select=id,appId,displayName",
            },
        ),
        ("o'x@y", {"/users/o%27x%40y?$select=id,displayName,userPrincipalName"}),
        (
            "O'x",
            {
                "/users?$filter=displayName%20eq%20'O%27%27x'&$select=id,displayName,userPrincipalName",
                "/servicePrincipals?$filter=displayName%20eq%20'O%27%27x'&$select=id,appId,displayName",
            },
        ),
    ],
)
def test_a_text_is_asked_for_as_what_it_looks_like(text: str, paths: set[str]) -> None:
    """An id, a principal name, or a display name, each quoted as its place needs."""
    assert set(found(text)[1]) == paths
