"""The APIs that a manifest speaks of, the permissions that nobody offers, and the name of each id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from entra_config.actual.apis import apis, ids_to_names
from entra_config.actual.fetch import Responses
from entra_config.actual.question import (
    DELETED_APPLICATIONS,
    OUR_APPLICATIONS,
    About,
    ApiOfOthers,
    ExternalPrincipal,
    Question,
)
from entra_config.errors import Position, Problem
from entra_config.kinds import microsoft_graph
from entra_config.kinds.details import ENTERPRISE_OWNERS, HOLDERS, OWNERS
from entra_config.kinds.directory import Api, Subject
from entra_config.manifest.model import Application, EnterpriseApplication, Given, Manifest, Named
from entra_config.manifest.parts import ApiPermission, AppRole, Scope
from entra_config.plan.model import Refusal
from entra_config.resource import Address, Ref
from tests.unit.plan import estates

HERE, THERE = Position("a.yaml", 3), Position("b.yaml", 4)
GRAPH = "Microsoft Graph"
ROLE = AppRole("reader", "Api.Read", "", "", ("User",), id="r1")
SILENT = AppRole("silent", None, "", "", ("User",), id="r2")
SCOPE = Scope("read", "Api.User", "", "", None, None, "admins", id="s1")
OURS = Application("api", "api", {}, app_roles={"reader": ROLE, "silent": SILENT}, scopes={"read": SCOPE})
JOB = Named("Job")
OWN = Api(
    "api", Ref(Address("enterpriseApplication", "api")), Ref(Address("application", "api"), "appId"),
    {"Api.Read": "r1", "reader": "r1", "silent": "r2"},
    {"Api.User": "s1", "read": "s1"}, {"read": "Api.User"},
    Address("application", "api"),
)  # fmt: skip


def manifest(*apps: Application, **more: Any) -> Manifest:
    """Make a manifest of these applications."""
    return replace(estates.manifest(), applications={each.key: each for each in apps}, **more)


def answered(**apis_of_others: list[dict[str, Any]]) -> Responses:
    """Make responses about APIs of others; `Microsoft_Graph` stands for that name."""
    responses = Responses()
    for name, items in apis_of_others.items():
        responses.add(ApiOfOthers(name.replace("_", " ")), items)
    return responses


def found(
    declared: Manifest, responses: Responses | None = None, subjects: Mapping[str, Subject] | None = None
) -> Any:
    """Return the APIs, problems and refusals."""
    return apis(declared, subjects or {}, responses or Responses())


BODY, PRINCIPAL = {"id": "o1", "appId": "a1"}, {"id": "p1", "appId": "a1"}


@pytest.mark.parametrize(
    ("subject", "id_", "app_id"),
    [
        (None, OWN.id, OWN.app_id),
        (Subject("api", BODY, PRINCIPAL), "p1", "a1"),
        (Subject("api", BODY), OWN.id, "a1"),
        (Subject("api", BODY, PRINCIPAL, deleted=True), OWN.id, "a1"),
        (Subject("api", None, PRINCIPAL), "p1", OWN.app_id),
    ],
)
def test_an_api_of_ours_has_the_ids_that_are_there(subject: Subject | None, id_: Any, app_id: Any) -> None:
    """What is not there or deleted is referred to; roles are known by value and by label."""
    subjects = {"api": subject} if subject else {}
    assert found(manifest(OURS), None, subjects) == ({"api": replace(OWN, id=id_, app_id=app_id)}, [], [])


HR = {
    "id": "p9", "appId": "a9", "displayName": "HR",
    "oauth2PermissionScopes": [{"id": "s9", "value": "Hr.User"}, {"id": "s8", "value": None}],
    "appRoles": [{"id": "r9", "value": "Hr.All"}, {"id": "r8", "value": ""}],
}  # fmt: skip
HR_API = Api("hr", "p9", "a9", {"Hr.All": "r9"}, {"Hr.User": "s9"}, {}, None, "HR")
GRAPH_BODY = {
    "id": "p0",
    "appId": microsoft_graph.APP_ID,
    "displayName": "Anything",
}
GRAPH_API = Api(
    GRAPH, "p0", microsoft_graph.APP_ID, microsoft_graph.roles(), microsoft_graph.scopes(), {}, None, "",
    microsoft_graph.disabled(),
)  # fmt: skip
DECLARED = {"hr": EnterpriseApplication("hr", named=Named("HR"), position=HERE)}
ASKS = {"g": ApiPermission(GRAPH, own=False, delegated=("User.Read",), position=THERE)}


def absent(key: str, place: Position | None, called: str) -> Refusal:
    """Return what is refused of an API that is not there."""
    message = (
        f"enterprise application '{key}' does not exist in this tenant: everything that needs it is skipped"
    )
    return Refusal("", message, None, place, blocks=False, absent=called)


def several(key: str, place: Position, ids: str) -> Problem:
    """Return the problem of an API that is there twice."""
    message = f"the tenant has several enterprise applications named '{key}' ({ids}): give the id"
    return Problem(place, message)


@pytest.mark.parametrize(
    ("declared", "responses", "expected"),
    [
        pytest.param(
            manifest(enterprise_applications=DECLARED), answered(hr=[HR]),
            ({"hr": HR_API}, [], []), id="one",
        ),
        pytest.param(
            manifest(enterprise_applications=DECLARED), answered(hr=[{"id": "p9", "appId": "a9"}]),
            ({"hr": Api("hr", "p9", "a9", {}, {}, {})}, [], []), id="one that offers nothing",
        ),
        pytest.param(
            manifest(enterprise_applications=DECLARED), answered(hr=[{**HR, "appId": "b"}, HR]),
            ({}, [several("hr", HERE, "a9, b")], []),
            id="two",
        ),
        pytest.param(
            manifest(enterprise_applications=DECLARED), answered(),
            ({}, [], [absent("hr", HERE, "HR")]),
            id="none",
        ),
        pytest.param(
            manifest(enterprise_applications={"hr": EnterpriseApplication("hr")}), answered(),
            ({}, [], [absent("hr", None, "hr")]), id="no name",
        ),
        pytest.param(
            manifest(replace(OURS, api_permissions=ASKS)), answered(Microsoft_Graph=[GRAPH_BODY]),
            ({"api": OWN, GRAPH: GRAPH_API}, [], []), id="Microsoft's, by its table",
        ),
        pytest.param(
            manifest(replace(OURS, api_permissions=ASKS)), answered(),
            (
                {"api": OWN}, [],
                [absent(GRAPH, THERE, GRAPH)],
            ),
            id="Microsoft's is not there",
        ),
        pytest.param(
            manifest(grants=(Given(JOB, "Other", (), (), THERE), Given(JOB, GRAPH, (), (), HERE))),
            answered(Other=[HR, HR]),
            (
                {},
                [several("Other", THERE, "a9, a9")],
                [absent(GRAPH, HERE, GRAPH)],
            ),
            id="of grants, in order",
        ),
    ],
)  # fmt: skip
def test_an_api_of_others_is_the_one_of_its_name(
    declared: Manifest, responses: Responses, expected: Any
) -> None:
    """Several are a problem, none is a refusal of what needs it, where it stands."""
    reported = found(declared, responses)
    assert reported == expected
    assert [each.absent for each in reported[2]] == [each.absent for each in expected[2]]


def asks(**permission: Any) -> Manifest:
    """Make a manifest of a client that requests something of `api`, and another that requests of `hr`."""
    wants = ApiPermission("api", own=True, position=HERE, **permission)
    client = Application("spa", "spa", {}, api_permissions={"api": wants})
    return manifest(OURS, client)


def unknown(api: str, name: str, key: str = "spa") -> Refusal:
    """Return what is refused of a permission that nobody offers."""
    near = {"reader": " (did you mean `read`?)", "read": " (did you mean `reader`?)"}.get(name, "")
    why = f"{api} has no permission '{name}' in this tenant{near}"
    message = f"{why}; the permissions that {key} requests stay as they are"
    return Refusal("", message, Address("application", key), HERE, blocks=False)


@pytest.mark.parametrize(
    ("declared", "refusals"),
    [
        (asks(delegated=("read", "Api.User"), application=("reader", "silent")), []),
        (asks(delegated=("reader", "x")), [unknown("api", "reader"), unknown("api", "x")]),
        (
            asks(application=("x", "read", "y")),
            [unknown("api", "x"), unknown("api", "read"), unknown("api", "y")],
        ),
    ],
)
def test_a_permission_that_nobody_offers_is_not_requested(
    declared: Manifest, refusals: list[Refusal]
) -> None:
    """Scopes and roles are apart, each missing one is told."""
    assert found(declared)[2] == refusals


def test_of_an_api_that_is_not_there_no_permission_is_told() -> None:
    """The one line says it; of what comes after it each missing permission is told all the same."""
    wants = {name: ApiPermission(name, own=False, delegated=("x",), position=HERE) for name in ("gone", "hr")}
    declared = manifest(
        Application("spa", "spa", {}, api_permissions=wants),
        enterprise_applications={each: EnterpriseApplication(each) for each in ("gone", "hr")},
    )
    _, _, (missing, *more) = found(declared, answered(hr=[HR]))
    assert missing.absent == "gone"
    assert more == [unknown("hr", "x")]


@pytest.mark.parametrize(
    ("given", "items", "names"),
    [
        (("Hr.All", "x", "y"), [HR], ["x", "y"]),
        (("Hr.All",), [HR], []),
        (("x",), [{**HR, "appRoles": []}], []),
        (("x",), [HR, HR], []),
    ],
)
def test_a_role_that_nobody_offers_is_not_given(
    given: tuple[str, ...], items: list[dict[str, Any]], names: list[str]
) -> None:
    """Of an API that offers no role at all, or is not known, nothing is said."""
    grants = (Given(JOB, "hr", given, position=HERE),)
    declared = manifest(enterprise_applications={"hr": EnterpriseApplication("hr")}, grants=grants)
    expected = [
        Refusal(
            "",
            f"hr has no permission '{name}' in this tenant; Job is not granted it",
            None,
            HERE,
            blocks=False,
        )
        for name in names
    ]
    assert found(declared, answered(hr=items))[2] == expected


def row(id_: str, name: str) -> dict[str, Any]:
    """Make a row of who holds a role."""
    return {
        "id": "1", "principalId": id_, "principalDisplayName": name, "principalType": "User",
        "resourceId": "x", "resourceDisplayName": "X", "appRoleId": "r", "createdDateTime": None,
    }  # fmt: skip


REGISTRATION = {
    "id": "o1", "appId": "a1", "displayName": "API",
    "appRoles": [{"id": "r1", "value": "Read"}, {"id": "r2", "value": None}],
    "api": {"oauth2PermissionScopes": [{"id": "s1", "value": "user"}]},
}  # fmt: skip
TABLES = (microsoft_graph.scopes(), microsoft_graph.roles())
OFFERED = {"r1": "Read", "r2": "r2", "s1": "user"}


@pytest.mark.parametrize(
    ("question", "item", "names"),
    [
        (About("api", HOLDERS), row("u1", "Li"), {"u1": "Li"}),
        (About("api", OWNERS), {"id": "u2", "displayName": "Bo"}, {"u2": "Bo"}),
        (About("api", ENTERPRISE_OWNERS), {"id": "u3", "displayName": "Di"}, {"u3": "Di"}),
        (OUR_APPLICATIONS, REGISTRATION, {"o1": "API", "a1": "API", **OFFERED}),
        (DELETED_APPLICATIONS, REGISTRATION, {"o1": "API", "a1": "API", **OFFERED}),
        (ExternalPrincipal("p9"), {"id": "p8", "appId": "a8", "displayName": "No"}, {"p8": "No", "a8": "No"}),
        (ExternalPrincipal("p9"), HR, {"p9": "HR", "a9": "HR", "s9": "Hr.User", "r9": "Hr.All"}),
        (
            ExternalPrincipal("p0"),
            GRAPH_BODY,
            {"p0": "Anything", microsoft_graph.APP_ID: "Anything"}
            | {
                id_: name
                for name, id_ in (*microsoft_graph.scopes().items(), *microsoft_graph.roles().items())
            },
        ),
    ],
)
def test_an_id_is_called_as_what_was_read_calls_it(
    question: Question[Any], item: Mapping[str, Any], names: dict[str, str]
) -> None:
    """By name, roles and scopes by value; beside the tables of Microsoft's."""
    responses = Responses()
    responses.add(question, [item])
    tables = ids_to_names({}, {}, Responses())
    assert tables[microsoft_graph.APP_ID] == GRAPH
    assert ids_to_names({}, {}, responses) == tables | names


def test_the_better_name_of_an_id_counts() -> None:
    """An application of ours goes by its key, an API by the manifest's name, its roles by its labels."""
    responses = Responses()
    responses.add(About("api", HOLDERS), [row("a1", "worst")])
    responses.add(OUR_APPLICATIONS, [REGISTRATION])
    subjects = {"api": Subject("api", REGISTRATION), "gone": Subject("gone", None, PRINCIPAL)}
    tables = ids_to_names({}, {}, Responses())
    seen = tables | {"o1": "API", "a1": "api", **OFFERED}
    assert ids_to_names({}, subjects, responses) == seen
    known = {"hr": replace(HR_API, app_id="a1", roles={"reader": "r1"}, scopes={"label": "s1"})}
    assert ids_to_names(known, subjects, responses) == seen | {"a1": "hr", "r1": "reader", "s1": "label"}
