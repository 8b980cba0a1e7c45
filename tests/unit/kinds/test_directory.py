"""What reports call whom: ours by their keys, and nobody else by a name of ours."""

from __future__ import annotations

import pytest

from entra_config.kinds.details import ObjectOwner
from entra_config.kinds.directory import Api, Directory, Live, Principal, Subject

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
