"""Which identifier URIs one application lets go and another takes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.identifier_uris import URIS, passed_on
from entra_config.plan.model import Change, Create, Delete, Release, Restore, Update
from entra_config.resource import Address, Ref, Resource, Text

ONE, TWO = application_address("one"), application_address("two")
KNOWN_LATER = Text(("api://", Ref(ONE, "appId")))


def wants(address: Address, *uris: object) -> Resource:
    """Return an application with what it should have; nothing is said where nothing is given."""
    return Resource(address, {URIS: list(uris)} if uris else {})


TAKES = Create(wants(TWO, "api://A", KNOWN_LATER))
GONE = wants(ONE)
ENTERPRISE = Address("enterpriseApplication", "two")


@pytest.mark.parametrize(
    ("changes", "passed"),
    [
        ([Update(GONE, wants(ONE, "api://b")), TAKES], True),
        ([Restore(GONE, wants(ONE, "api://b")), TAKES], True),
        ([Update(GONE, Resource(ONE, {URIS: None})), TAKES], True),
        ([TAKES, Delete(GONE)], True),
        ([Release(GONE), TAKES], False),  # what is released keeps what it has
        ([Update(GONE, wants(ONE, "api://a")), TAKES], False),
        ([Update(GONE, GONE), TAKES], False),  # nothing is said of its URIs
        ([Delete(GONE)], False),
        ([Delete(GONE), Create(wants(TWO, "api://c"))], False),
        ([Delete(GONE), Create(wants(ENTERPRISE, "api://a"))], False),
        ([Delete(wants(Address("owner", "one"))), TAKES], False),
        ([Release(GONE), Delete(GONE), TAKES], True),
        ([Delete(Resource(ENTERPRISE, {})), Delete(GONE), TAKES], True),
        ([Update(GONE, GONE), Delete(GONE), TAKES], True),
    ],
)
def test_a_uri_is_passed_on_where_one_lets_go_and_another_takes(
    changes: Iterable[Change], passed: bool
) -> None:
    """Upper and lower case are one to Graph."""
    live = {"one": Live(Subject("one", {URIS: ["api://a", "api://B"]})), "two": Live(Subject("two"))}
    directory = Directory("https://graph", live=live)
    assert passed_on(changes, directory) == ({"api://a": ONE} if passed else {})
    assert passed_on(changes, Directory("https://graph")) == {}
