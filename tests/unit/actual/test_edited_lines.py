"""What is read of the objects that edited pins lead to, and the line that each edit has."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.actual import edited
from entra_config.actual.fetch import Questions, Responses
from entra_config.actual.question import Bearers, ByIds, EditedApplication, EditedPins
from entra_config.errors import Position
from entra_config.graph.request import Request
from entra_config.manifest.edits import ApplicationEdit, Edits, NameEdit
from entra_config.manifest.environments.pins import Pin, PinnedApplication
from entra_config.manifest.guards import Guard
from entra_config.phrase import without_names
from entra_config.plan.model import Effect
from entra_config.resource import Address

FIELDS = "id,appId,displayName,appOwnerOrganizationId,tags"
MARKED = "other/prod/hr"
USER, GROUP, APP = (f"{number}0000000-0000-4000-8000-000000000000" for number in (1, 2, 3))
TAGS = ["entra-config:owner=other/prod", "entra-config:key=hr"]


def name(type_: str, called: str, id_: str, before: str | None = None, **pin: Any) -> NameEdit:
    """Make an edit of the pin of a name."""
    return NameEdit(type_, called, Pin(before) if before else None, Pin(id_, **pin))


def pins(*names: NameEdit, **more: Any) -> Edits:
    """Make edits of names and more."""
    return Edits(names=names, **more)


def app(before: PinnedApplication, after: PinnedApplication) -> Edits:
    """Make an edit of an application of ours."""
    return Edits(applications=(ApplicationEdit("api", before, after),))


def by_ids(*ids: str) -> Request:
    """Make the request of objects by their ids."""
    types = ["user", "group", "servicePrincipal"]
    return Request("POST", "/directoryObjects/getByIds", {"ids": [*ids], "types": types})


def get(path: str) -> Request:
    """Make a GET."""
    return Request("GET", path)


NAMED = "displayName%20eq%20'HR'"


def test_nothing_is_read_of_nothing() -> None:
    """Without edits there is no request."""
    assert edited.questions(Edits()) == {}
    assert edited.reported(Edits(), Responses()) == ()


def test_each_pin_is_read_once_with_who_else_bears_its_name() -> None:
    """Ids in order, of names and of accepted owners; the bearers of a user's name are never read."""
    edits = pins(
        name("user", "li@x", USER),
        name("group", "HR", GROUP),
        name("servicePrincipal", MARKED, APP),
        name("servicePrincipal", "HR", APP),
        name("group", "other/prod/pay", ""),
        applications=(
            ApplicationEdit("api", PinnedApplication(), PinnedApplication("a2", ("0", APP))),
            ApplicationEdit("b", PinnedApplication(), PinnedApplication("a1")),
            ApplicationEdit("c", PinnedApplication(), PinnedApplication(None)),
            *(ApplicationEdit("d", PinnedApplication(), PinnedApplication(f"a{n}")) for n in (9, 5, 7, 3)),
        ),
    )
    found = edited.questions(edits)
    select = "?$select=id,appId,displayName,createdDateTime,createdByAppId"
    quoted = MARKED.replace("/", "%2F")
    expected: Questions = {
        EditedPins("0"): by_ids("0", USER, GROUP, APP),
        Bearers("group", "HR"): get(f"/groups?$filter={NAMED}&$select=id,displayName"),
        Bearers("servicePrincipal", MARKED): get(
            f"/servicePrincipals?$filter=displayName%20eq%20'{quoted}'&$select={FIELDS}"
        ),
        Bearers("marks", MARKED): found[Bearers("marks", MARKED)],
        Bearers("servicePrincipal", "HR"): get(f"/servicePrincipals?$filter={NAMED}&$select={FIELDS}"),
        Bearers("group", "other/prod/pay"): get(
            "/groups?$filter=displayName%20eq%20'other%2Fprod%2Fpay'&$select=id,displayName"
        ),
        **{
            EditedApplication(f"a{n}"): get(f"/applications(appId='a{n}'){select}")
            for n in (1, 2, 3, 5, 7, 9)
        },
    }
    assert found == expected
    read = [each.of for each in found if isinstance(each, EditedApplication)]
    assert read == ["a1", "a2", "a3", "a5", "a7", "a9"]
    assert "other%2Fprod" in str(found[Bearers("marks", MARKED)].path)


def test_a_thousand_ids_go_in_one_request() -> None:
    """One more is another request."""
    ids = [f"{number:04}" for number in range(1001)]
    found = edited.questions(pins(*(name("user", id_, id_) for id_ in ids)))
    assert found == {EditedPins("0000"): by_ids(*ids[:1000]), EditedPins("1000"): by_ids("1000")}


def item(type_: str, id_: str, called: str, **more: Any) -> dict[str, Any]:
    """Make an object as Graph returns it."""
    names = (
        {"displayName": called, "userPrincipalName": called} if type_ == "user" else {"displayName": called}
    )
    return {"@odata.type": f"#microsoft.graph.{type_}", "id": id_, **names, **more}


def answered(*items: dict[str, Any], **bearers: list[str]) -> Responses:
    """Make responses of these objects, and of who bears a name: `group_HR` is who is a group named HR."""
    responses = Responses()
    for number, each in enumerate(items):
        responses.add(EditedPins(str(number)), [each])
    for place, ids in bearers.items():
        type_, _, called = place.partition("_")
        responses.add(Bearers(type_, called), [{"id": id_} for id_ in ids])
    return responses


@pytest.mark.parametrize(
    ("edit", "items", "further"),
    [
        (name("group", "HR", GROUP), [item("group", GROUP, "Pay")], Bearers("group", "Pay")),
        (name("group", "HR", GROUP), [item("group", GROUP, "hr")], None),
        (name("group", "HR", GROUP), [], None),
        (name("group", "HR", USER), [item("user", USER, "li@x")], None),
        (name("user", "HR", APP), [item("servicePrincipal", APP, "Pay")], Bearers("servicePrincipal", "Pay")),
    ],
)
def test_who_else_bears_the_other_name_is_read(
    edit: NameEdit, items: list[dict[str, Any]], further: Bearers | None
) -> None:
    """Of a group or application that is called otherwise than its pin; UPNs are one user's."""
    assert list(edited.further(pins(edit), answered(*items))) == ([further] if further else [])


LI, HR, PAY = item("user", USER, "li@x"), item("group", GROUP, "HR"), item("group", GROUP, "Payroll")
SP = item("servicePrincipal", APP, "HR", tags=TAGS)
ONE = {"group_HR": [GROUP]}
PLAIN = "1 new, each of the only object with that name"
THEIRS = name("servicePrincipal", "HR", APP, organization="o")


@pytest.mark.parametrize(
    ("edit", "items", "bearers", "line"),
    [
        pytest.param(name("user", "li@x", USER), [LI], {}, PLAIN, id="user"),
        pytest.param(name("group", "hr", GROUP), [HR], {"group_hr": [GROUP]},
                     PLAIN, id="another case"),
        pytest.param(name("group", "HR", GROUP), [HR], {"group_HR": ["x", GROUP]},
                     "group 'HR' is new: 'HR' (20000000…), one of 2", id="two bear it"),
        pytest.param(name("group", "HR", GROUP), [HR], {"group_HR": ["x"]},
                     "group 'HR' is new: 'HR' (20000000…)", id="another bears it"),
        pytest.param(name("group", "HR", GROUP), [], ONE,
                     f"group 'HR' is new: {GROUP}, which the tenant has not", id="gone"),
        pytest.param(name("group", "HR", GROUP), [PAY], ONE,
                     "group 'HR' is new: 'Payroll' (20000000…)", id="called otherwise"),
        pytest.param(name("group", "HR", GROUP), [PAY], {**ONE, "group_Payroll": ["x", "y", GROUP]},
                     "group 'HR' is new: 'Payroll' (20000000…), one of 3", id="otherwise, as others"),
        pytest.param(name("group", "HR", GROUP, "old"), [HR], ONE,
                     "group 'HR' is now 'HR' (20000000…)", id="moved"),
        pytest.param(name("group", "HR", GROUP, GROUP, was="Payroll"), [PAY], ONE,
                     "group 'HR' stays 'Payroll' (20000000…); the lock file says that it is called 'Payroll'",
                     id="worded"),
        pytest.param(name("group", "HR", GROUP, was="X"), [HR], ONE,
                     "group 'HR' is new: 'HR' (20000000…); the lock file says that it is called 'X'",
                     id="new, worded"),
        pytest.param(THEIRS, [SP], {"servicePrincipal_HR": [APP]},
                     "service principal 'HR' is new: 'HR' (30000000…); of the organization o", id="theirs"),
        pytest.param(name("group", "HR", APP, "old"), [SP], {"group_HR": [APP]},
                     "group 'HR' is now 'HR' (30000000…), a servicePrincipal", id="another type"),
        pytest.param(name("user", "li@x", USER, "old", was="lee@x"), [LI], {},
                     "user 'li@x' is now 'li@x' (10000000…)", id="a user's wording is its own"),
    ],
)  # fmt: skip
def test_a_name_s_edit_is_told_by_what_it_leads_to(
    edit: NameEdit, items: list[dict[str, Any]], bearers: dict[str, list[str]], line: str
) -> None:
    """Only a new pin of the one object that bears the name is merely counted."""
    assert edited.reported(pins(edit), answered(*items, **bearers)) == (Effect("pin", line),)


def test_an_application_named_by_its_marks_is_told_so() -> None:
    """Those that bear the marks are counted; a new one alone is plain unless it has another name."""
    for bearing, count in ([SP], ""), ([SP, {**SP, "id": "x"}, {**SP, "id": "y", "tags": []}], ", one of 2"):
        responses = answered(SP)
        responses.add(Bearers("marks", MARKED), bearing)
        line = f"service principal '{MARKED}' is now 'HR', by its marks (30000000…){count}"
        edit = name("servicePrincipal", MARKED, APP, "old")
        assert edited.reported(pins(edit), responses) == (Effect("pin", line),)


def test_people_are_left_out_where_names_are() -> None:
    """A user's name is a value of the line, on both sides; that of a group is not."""
    (line,) = edited.reported(pins(name("user", "lee@x", USER)), answered(LI))
    assert line.text == "user 'lee@x' is new: 'li@x' (10000000…)"
    hidden = "a user (10000000…)"
    assert without_names(line.text) == f"user {hidden} is new: {hidden} (10000000…)"
    (line,) = edited.reported(pins(name("group", "HR", USER)), answered(LI))
    assert without_names(line.text) == f"group 'HR' is new: {hidden} (10000000…), a user"


def registered(app_id: str) -> Responses:
    """Make responses that have one registration, its maker's name, and three who own it."""
    responses = answered(LI, HR)
    body = {"displayName": "API", "createdDateTime": "2026-01-01", "createdByAppId": "m"}
    responses.add(EditedApplication(app_id), [body])
    responses.add(ByIds("0"), [{"id": "x", "appId": "m", "displayName": "Maker"}])
    return responses


P = PinnedApplication
NONE = P()
WHO = "'API', created 2026-01-01 by application 'Maker' (m)"


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (NONE, P("a1"), [f"application api is a1, {WHO}"]),
        (NONE, P("a2"), ["application api is a2, which the tenant has not"]),
        (P("a0"), P("a1"), [f"application api is a1, {WHO}; it was a0"]),
        (P("a1"), P("a1"), []),
        (
            P("a1"),
            P("a1", was="spa"),
            [f"application api is a1, {WHO}; the lock file says that it was `spa` before"],
        ),
        (P("a1", was="spa"), P("a1"), [f"application api is a1, {WHO}"]),
        (P("a1", (GROUP,)), P("a1", (GROUP, "9" * 10, USER)), [
            "owner of api accepted: 'li@x'", "owner of api accepted: nobody that the tenant has (99999999…)",
        ]),
        (P("a1"), P("a1", (GROUP,)), ["owner of api accepted: 'HR' (20000000…)"]),
        (P("a1", key_ids=("k2",)), P("a1", key_ids=("k3", "k2", "k1"), secrets=(("l", ("k4",)),)),
         [f"credential of api accepted: {key}" for key in ("k1", "k3", "k4")]),
    ],
)  # fmt: skip
def test_an_application_s_edit_is_told_with_who_made_it(before: P, after: P, lines: list[str]) -> None:
    """Its appId or marks where they change, then owners and credentials that are accepted, in order."""
    found = edited.reported(app(before, after), registered("a1"))
    assert found == tuple(Effect("pin", line, Address("application", "api")) for line in lines)


def test_an_accepted_user_is_left_out_where_names_are() -> None:
    """The owner's name is a value of the line."""
    (line,) = edited.reported(app(P("a1"), P("a1", (USER,))), registered("a1"))
    assert without_names(line.text) == "owner of api accepted: a user (10000000…)"


def test_guards_come_first_and_counts_last() -> None:
    """Guards with their place, names, applications, what is rejected no more, and what is merely counted."""
    position = Position("a.yaml", 1)
    edits = pins(
        name("user", "li@x", USER),
        name("group", "gone", "9"),
        name("user", "LI@x", USER),
        guards=(Guard("lowered", position),),
        applications=app(NONE, P("a1")).applications,
        candidates=("c1", "c2"),
        gone=3,
    )
    assert edited.reported(edits, registered("a1")) == (
        Effect("guard", "lowered", None, position),
        Effect("pin", "group 'gone' is new: 9, which the tenant has not"),
        Effect("pin", f"application api is a1, {WHO}", Address("application", "api")),
        Effect("pin", "application c1 is rejected no more"),
        Effect("pin", "application c2 is rejected no more"),
        Effect("pin", "2 new, each of the only object with that name"),
        Effect("pin", "3 taken out"),
    )
