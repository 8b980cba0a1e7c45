"""Questions are values: an answer is found by what was asked, and each item is what its question makes of
it.
"""

from __future__ import annotations

import asyncio

import pytest

from entra_config.actual.fetch import Responses, fetch
from entra_config.actual.question import (
    OUR_APPLICATIONS,
    About,
    ApplicationByAppId,
    DeployerRegistration,
    NameBearers,
    UriHolders,
)
from entra_config.errors import GraphError
from entra_config.graph.request import Request, Response
from entra_config.kinds import details
from tests.unit.graph.doors import Door, graph

ID = "00000000-0000-4000-8000-000000000001"
ROW = {"id": "r", "appRoleId": "role", "principalId": "p", "principalType": "User", "resourceId": "api"}


def responses() -> Responses:
    """Return answers to two questions about one application, and to one whose name is the same."""
    found = Responses()
    found.add(
        About("api", details.HOLDERS), [ROW | {"principalDisplayName": "Alice", "resourceDisplayName": "API"}]
    )
    found.add(About("api", details.HOLDINGS), [])
    found.add(ApplicationByAppId(ID), [{"id": "a"}])
    return found


def test_an_item_is_what_its_question_reads() -> None:
    """Of a detail a typed row, of all else the body; the same words in another question are another
    question.
    """
    found = responses()
    (row,) = found[About("api", details.HOLDERS)]

    assert (row.principal_name, row.role, row.created, row.by_service_principal) == (
        "Alice",
        "role",
        "",
        False,
    )
    assert list(found.details(details.HOLDERS)) == [row]
    assert list(found.details(details.HOLDINGS)) == []
    assert found.first(ApplicationByAppId(ID)) == {"id": "a"}
    assert DeployerRegistration(ID) not in found
    assert found.first(DeployerRegistration(ID)) is None


def test_a_name_that_graph_does_not_tell_is_the_id() -> None:
    """A row without display names is called by its ends, never `None`."""
    row = details.RoleHolding.read(ROW | {"principalDisplayName": None})

    assert (row.principal_name, row.resource_name) == ("p", "api")


def test_later_answers_replace_earlier_ones_and_unwanted_ones_go() -> None:
    """Whatever is read again counts as read last; details that nobody wants any more are forgotten, and
    nothing else.
    """
    found, later = responses(), Responses()
    later.add(ApplicationByAppId(ID), [{"id": "b"}])
    found.take(later)
    found.keep(lambda question: question.detail == details.HOLDINGS)

    assert found.first(ApplicationByAppId(ID)) == {"id": "b"}
    assert [question.detail for question, _ in found.about()] == [details.HOLDINGS]
    assert found.questions(ApplicationByAppId) == [ApplicationByAppId(ID)]


@pytest.mark.parametrize(("optional", "status"), [(True, 403), (True, 400), (False, 403)])
def test_a_question_that_may_be_refused_has_no_answer_then(optional: bool, status: int) -> None:
    """That nothing is there and that nobody may know are two answers; what is not optional ends the read."""
    uri, gone = UriHolders("api://x"), NameBearers("user", "a@b")
    paths = {
        uri: Request("GET", "/applications"),
        gone: Request("GET", "/users"),
        OUR_APPLICATIONS: Request("GET", "/mine"),
    }
    statuses = {"/applications": status, "/users": 404, "/mine": 200}

    def response(request: Request) -> Response:
        code = statuses[str(request.path)]
        return Response(
            code,
            {"value": []}
            if code == 200
            else {"error": {"code": "Authorization_RequestDenied", "message": ""}},
        )

    requesting = fetch(graph(Door(response)), paths, optional=[uri] if optional else [])
    if not optional:
        with pytest.raises(GraphError):
            asyncio.run(requesting)
        return
    found = asyncio.run(requesting)

    assert (uri in found, gone in found, OUR_APPLICATIONS in found) == (False, True, True)
    assert found[uri] == found[gone] == []


@pytest.mark.parametrize("said", [{}, {"requiredResourceAccess": None}])
def test_an_application_of_which_nothing_is_said_requires_nothing(said: dict[str, None]) -> None:
    """Whatever a page leaves out is no error of the reader's."""
    item = {"id": "1", "appId": "2", "displayName": "Job", **said}
    assert details.Requirer.read(item).required == ()
