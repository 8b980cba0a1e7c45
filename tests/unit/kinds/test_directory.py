"""What reports call whom: ours by their keys, and nobody else by a name of ours."""

from __future__ import annotations

import pytest

from entra_config.kinds.details import ObjectOwner
from entra_config.kinds.directory import Api, Directory, Live, Principal, Subject
from entra_config.manifest.model import Named

HR = Api("hr", "sp-hr", "app-hr", {}, {}, {}, shown="HR Suite")
DIRECTORY = Directory(
    "https://graph",
    principals={
        ("user", "alice"): Principal("u", "Alice", "user"),
        ("user", "u2"): Principal("u2", "Bob", "user"),
    },
    apis={
        "hr": HR,
        "same": Api("same", "s", "a", {}, {}, {}, shown="SAME"),
        "bare": Api("bare", "b", "c", {}, {}, {}),
    },
    live={"api": Live(Subject("api"))},
    names={"known": "Known", "twin": "hr", "double": "api", "both": "Name"},
    by_id={"sp-hr": HR},
    own_principals={"sp-api": "api"},
    own_app_ids={"app-api": "api"},
    external_names={"both": "Theirs (app 1)", "stranger": "Stranger (app 2)"},
)


@pytest.mark.parametrize(
    ("app_id", "name", "called"),
    [
        ("app-api", "Any", "api"),
        ("stranger", "Any", "Stranger (app 2)"),
        ("both", "Any", "Theirs (app 1)"),
        ("known", "Any", "Known"),
        ("new", "Any", "Any"),
        ("new", "", "new"),
    ],
)
def test_an_application_is_called_by_what_is_surest(app_id: str, name: str, called: str) -> None:
    """Its key, what reports call it, what was read of it, what else is known, and else its id."""
    assert DIRECTORY.application(app_id, name) == called


@pytest.mark.parametrize(
    ("id_", "name", "called"),
    [
        ("sp-hr", "Any", "hr"),
        ("sp-api", "Any", "api"),
        ("known", "Any", "Known"),
        ("new", "Any", "Any"),
        ("new", "", "new"),
        ("twin", "", "hr (twin)"),
        ("double", "", "api (double)"),
        ("new", "hr", "hr (new)"),
    ],
)
def test_an_api_never_bears_the_name_of_another(id_: str, name: str, called: str) -> None:
    """Where the manifest knows that name for something else, its id stands beside it."""
    assert DIRECTORY.resource_name(id_, name) == called


def test_an_api_of_others_is_called_by_both_its_names() -> None:
    """By one where they are the same, whatever their case, or where the tenant's is not known."""
    called = [DIRECTORY.called(key) for key in ("hr", "same", "bare", "none")]
    assert called == ['hr "HR Suite"', "same", "bare", "none"]


@pytest.mark.parametrize(
    ("owner", "called"),
    [
        (ObjectOwner("sp-api", "servicePrincipal", "Any"), "api"),
        (ObjectOwner("stranger", "servicePrincipal", "Any"), "Stranger (app 2)"),
        (ObjectOwner("0123456789", "servicePrincipal", "api"), '"api" (01234567…)'),
    ],
)
def test_an_owner_that_is_no_person_is_no_key_of_ours(owner: ObjectOwner, called: str) -> None:
    """A name alone could be anybody's."""
    assert DIRECTORY.owner(owner) == called


def test_an_id_decides_who_is_meant() -> None:
    """A name counts where there is none, and labels prefer what reports call strangers."""
    found = [
        DIRECTORY.principal("user", each) for each in (Named("alice"), Named("alice", "u2"), Named("eve"))
    ]

    assert [each.name if each else "" for each in found] == ["Alice", "Bob", ""]
    assert DIRECTORY.principal("group", Named("alice")) is None
    assert DIRECTORY.labels["both"] == "Theirs (app 1)"
    assert DIRECTORY.labels["known"] == "Known"
    assert DIRECTORY.link("1") == "https://graph/directoryObjects/1"


@pytest.mark.parametrize(
    ("named", "called"),
    [
        (Named("shop/prod/job", by_marks=True), "shop/prod/job"),
        (Named("shop/prod/job"), "Job"),
        (Named("other", by_marks=True), "Job"),
    ],
)
def test_an_entry_that_names_by_marks_is_told_by_them(named: Named, called: str) -> None:
    """Anything else is told by what the tenant calls it."""
    assert Principal("1", "Job", "servicePrincipal", marks="shop/prod/job").called(named) == called
