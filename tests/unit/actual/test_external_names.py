"""What reports call each application that is none of the manifest's, by both its ids."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.actual import external_names
from entra_config.actual.fetch import Responses
from entra_config.actual.question import (
    DELETED_APPLICATIONS,
    DELETED_PRINCIPALS,
    OUR_APPLICATIONS,
    OUR_PRINCIPALS,
    ByIds,
    DeployerRegistration,
    ExternalPrincipal,
    NameBearers,
    Question,
)
from entra_config.kinds.directory import Api, Subject
from entra_config.manifest.sections import microsoft

HOME, ABROAD = "t1", "t2"
HR = {"id": "p1", "appId": "0123456789", "displayName": "HR"}


def read(question: Question[Any], *items: dict[str, Any]) -> Responses:
    """Make responses to one question."""
    responses = Responses()
    responses.add(question, [*items])
    return responses


def called(
    item: dict[str, Any], question: Question[Any] = DELETED_PRINCIPALS, **known: Any
) -> dict[str, str]:
    """Return what is called what, of one object that was read."""
    return external_names.external_names(
        HOME, known.get("apis", {}), known.get("subjects", {}), read(question, item)
    )


@pytest.mark.parametrize(
    ("item", "name"),
    [
        (HR, '"HR" (01234567…)'),
        ({**HR, "appOwnerOrganizationId": HOME}, '"HR" (01234567…)'),
        ({**HR, "appOwnerOrganizationId": ABROAD}, '"HR" (01234567…, of tenant t2)'),
        ({**HR, "appOwnerOrganizationId": external_names.MICROSOFT}, '"HR" (01234567…, of Microsoft)'),
        ({**HR, "deletedDateTime": "2026"}, '"HR" (01234567…, deleted)'),
        (
            {**HR, "appOwnerOrganizationId": ABROAD, "deletedDateTime": "2026"},
            '"HR" (01234567…, of tenant t2, deleted)',
        ),
        ({**HR, "appOwnerOrganizationId": None, "deletedDateTime": None}, '"HR" (01234567…)'),
    ],
)
def test_an_application_of_others_is_called_by_name_id_and_tenant(item: dict[str, Any], name: str) -> None:
    """Its name in quotes, as anybody may bear the name of one of ours."""
    assert called(item) == {"p1": name, "0123456789": name}


def test_what_has_no_app_id_is_called_by_its_own() -> None:
    """As an object."""
    assert called({"id": "9876543210", "displayName": "X"}) == {"9876543210": '"X" (98765432…)'}


@pytest.mark.parametrize("question", [DELETED_APPLICATIONS, OUR_APPLICATIONS, DELETED_PRINCIPALS])
def test_lists_of_applications_are_of_applications(question: Question[Any]) -> None:
    """Each of them has a name."""
    assert list(external_names.named(read(question, HR, {"id": "x", "displayName": "X"}))) == [
        HR,
        {"id": "x", "displayName": "X"},
    ]


TYPED = {"@odata.type": "#microsoft.graph.servicePrincipal", "id": "p2", "displayName": "CI"}


@pytest.mark.parametrize(
    "question", [ByIds("0"), NameBearers("group", "x"), DeployerRegistration("a"), ExternalPrincipal("a")]
)
def test_of_other_objects_only_applications_with_a_name_are_named(question: Question[Any]) -> None:
    """By their type, or by an appId."""
    people = {"@odata.type": "#microsoft.graph.user", "id": "u", "displayName": "Li"}
    nameless = {**TYPED, "displayName": None}
    untyped = {"id": "g", "displayName": "G"}
    assert list(external_names.named(read(question, people, HR, nameless, TYPED, untyped))) == [
        HR,
        TYPED,
    ]


def test_who_bears_our_mark_is_no_name() -> None:
    """Service principals of ours go by their keys."""
    assert list(external_names.named(read(OUR_PRINCIPALS, HR))) == []


def test_names_by_app_id_are_of_those_that_have_one() -> None:
    """Whoever's they are."""
    assert external_names.by_app_id(read(ByIds("0"), HR, TYPED)) == {"0123456789": "HR"}


def test_ours_and_those_that_the_manifest_knows_are_none_of_others() -> None:
    """Nor are Microsoft's, whose table is known."""
    api = Api("hr", "p1", "0123456789", {}, {}, {})
    assert called(HR, apis={"hr": api}) == {}
    assert called(HR, subjects={"api": Subject("api", HR), "x": Subject("x", None)}) == {}
    assert called(HR, subjects={"x": Subject("x", None, HR)}) != {}
    for table in (microsoft.APIS, microsoft.CLIENTS):
        assert [called({**HR, "appId": app_id}) for app_id in table.values()] == [{}] * len(table)
    assert called(HR, OUR_APPLICATIONS) != {}
