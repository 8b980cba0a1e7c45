"""Values with references in them, resources by address, and what is known of each beside its values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from entra_config.resource import Address, Facts, Ref, Resource, State, Text, references, resolve

API, WEB = Address("application", "api"), Address("application", "web")
ID, OTHER = Ref(API, "id"), Ref(WEB, "appId")
KNOWN = {ID: "i1"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ID, "i1"),
        (OTHER, OTHER),
        (Text(("api://", ID)), "api://i1"),
        (Text((ID, "/", OTHER)), Text(("i1", "/", OTHER))),
        ({"a": ID, "b": [OTHER, ID]}, {"a": "i1", "b": [OTHER, "i1"]}),
        ((ID, 5), ["i1", 5]),
        ("text", "text"),
        (None, None),
        (True, True),
    ],
)
def test_what_is_known_is_filled_in(value: Any, expected: Any) -> None:
    """Hold that a text is one only where all of its parts are known, and that the rest stays."""
    assert resolve(value, KNOWN) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ID, [ID]),
        (Text(("a", OTHER, ID)), [OTHER, ID]),
        ({"a": ID, "b": [{"c": OTHER}, "x"]}, [ID, OTHER]),
        ((ID, (OTHER,)), [ID, OTHER]),
        ("text", []),
        (None, []),
    ],
)
def test_references_are_found_wherever_they_stand(value: Any, expected: list[Ref]) -> None:
    """Hold each, in order."""
    assert list(references(value)) == expected


@dataclass(frozen=True, slots=True)
class Known(Facts):
    """What is known of one object."""

    app_id: str | None = None


@dataclass(frozen=True, slots=True)
class Joined(Facts):
    """What is known of a link."""

    @property
    def keys(self) -> frozenset[str]:
        """Return whom it joins."""
        return frozenset({"a", "b"})


def test_a_state_is_its_resources_by_address() -> None:
    """Hold what is in it, what its ids are, and what two have both."""
    api, web = Resource(API, {}, Known("i1")), Resource(WEB, {})
    state = State({API: api, WEB: web})

    assert (list(state), API in state, Address("application", "x") in state) == ([api, web], True, False)
    assert (state.get(API), state.get(Address("application", "x"))) == (api, None)
    assert state.ids == {ID: "i1"}
    assert state.only(State({WEB: api, Address("application", "x"): api})) == State({WEB: web})


def test_a_resource_is_a_part_of_an_application() -> None:
    """Hold that whose part it is to people comes first, and that a link is about both of its sides."""
    bare = Resource(API, {})
    child = replace(bare, parent=WEB)

    assert (bare.application, child.application, replace(child, of=API).application) == (API, WEB, API)
    assert (bare.keys, child.keys) == (frozenset({"api"}), frozenset({"web"}))
    assert replace(bare, facts=Joined()).keys == frozenset({"a", "b"})


def test_facts_are_reported_by_graph_s_names() -> None:
    """Hold that what is no text is left out, and that facts of two types are about two things."""
    assert Known("o", "a").reported == {"id": "o", "appId": "a"}
    assert Known("o").reported == {"id": "o"}
    assert (Known("a").same(Known("b")), Known("a").same(Joined())) == (True, False)
    assert (Facts().properties, Facts().deleted) == ({}, "")
    assert (Facts().keys, Facts().sides, Facts().edit(gone=True)) == (frozenset(), ("", ""), ())
