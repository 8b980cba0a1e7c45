"""Which writes make and remove owners."""

from __future__ import annotations

import pytest

from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Directory
from entra_config.kinds.facts import ApplicationFacts, OwnerFacts
from entra_config.kinds.owners import OwnerKind
from entra_config.kinds.writes import WriteView
from entra_config.plan.model import Change, Create, Delete, Release, address_of
from entra_config.plan.steps import Step
from entra_config.resource import Address, Resource, State
from tests.unit.plan.estates import manifest

API = application_address("api")
HERE = Resource(API, {}, ApplicationFacts("1", app_id="2", service_principal_id="3"))


def owner(number: int = 0) -> Resource:
    """Return somebody who owns the API."""
    return Resource(
        Address("owner", f"api/user:u{number}"), {}, OwnerFacts(principal_id=f"u{number}"), parent=API
    )


def requests(*changes: Change, bind: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return what is sent for changes, each with its method."""
    view = WriteView(
        manifest(),
        Directory("https://graph"),
        State({}),
        State({API: HERE}),
        {address_of(each): each for each in changes},
        bind,
    )
    steps = [each for each in OwnerKind().expand(view) if isinstance(each, Step)]
    return [(each.request.method, each.id) for each in steps]


@pytest.mark.parametrize(
    ("changes", "methods"),
    [
        ([Create(owner())], ["POST"]),
        ([Delete(owner())], ["DELETE"]),
        ([Delete(owner()), Delete(HERE)], []),  # they go with it
        ([Release(owner())], []),
        ([Create(owner()), Create(HERE)], []),  # the creating request names them
    ],
)
def test_each_owner_is_one_write_that_no_other_write_carries(
    changes: list[Change], methods: list[str]
) -> None:
    """Of what is created or deleted as a whole nobody is added or removed besides."""
    assert [method for method, _ in requests(*changes)] == methods


@pytest.mark.parametrize(("bound", "count", "left"), [(0, 20, 0), (0, 21, 1), (1, 20, 1), (2, 20, 2)])
def test_a_creating_request_takes_twenty_owners(bound: int, count: int, left: int) -> None:
    """Those who create it are among them; the others are added one by one."""
    changes = [Create(HERE), *(Create(owner(number)) for number in range(count))]

    assert len(requests(*changes, bind=tuple(f"d{number}" for number in range(bound)))) == left
