"""How the collections of scopes and roles get from before to after: never two of one value, never an
enabled one touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from entra_config.kinds.entitlement_stages import Stages, stages
from entra_config.kinds.entitlements import ROLES, SCOPES
from entra_config.plan.steps import Phase

# By id a value, a text, the members. Values are few, so that they change hands.
ENTRIES = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(
        st.sampled_from(["", "Read", "read", "Write", "Root"]), st.sampled_from(["one", "two"]), st.booleans()
    ),
).filter(lambda found: _unique([value for value, _, _ in found.values()]))

Collections = Mapping[str, list[dict[str, Any]]]


def _unique(values: list[str]) -> bool:
    given_ = [value.casefold() for value in values if value]
    return len(set(given_)) == len(given_)


def collections(found: dict[str, tuple[str, str, bool]]) -> Collections:
    """Return roles; every second one that has a value is a scope of the same id too."""
    roles = [
        {
            "id": id_,
            "value": value or None,
            "description": text,
            "allowedMemberTypes": ["User", "Application"] if both else ["User"],
            "isEnabled": True,
        }
        for id_, (value, text, both) in found.items()
    ]
    scopes = [
        {
            "id": role["id"],
            "value": role["value"],
            "adminConsentDescription": role["description"],
            "isEnabled": True,
        }
        for role in roles
        if role["value"] and role["id"] in "ace"
    ]
    return {SCOPES: scopes, ROLES: roles}


def written(before: Collections, found: Stages) -> list[tuple[Phase, Collections]]:
    """Return the states that Graph sees one after another, those of the way around among them."""
    now, seen = dict(before), []
    for phase, values in found.patches(before):
        if phase is Phase.EDIT:
            now |= {path: list(found.edit_first[path]) for path in values}
            seen.append((phase, dict(now)))
        now |= {path: list(entries) for path, entries in values.items()}
        seen.append((phase, dict(now)))
    return seen


@given(ENTRIES, ENTRIES)
def test_every_state_on_the_way_is_one_that_graph_takes(before: Any, after: Any) -> None:
    """Values are unique, twins agree, and what was enabled is neither changed nor left out."""
    live, wanted = collections(before), collections(after)
    last = live
    for _, now in written(live, stages(live, wanted)):
        _check(last, now)
        last = now
    assert {path: sorted(entries, key=str) for path, entries in last.items()} == {
        path: sorted(entries, key=str) for path, entries in wanted.items()
    }


def _check(before: Collections, now: Collections) -> None:
    roles, scopes = ({item["id"]: item for item in now[path]} for path in (ROLES, SCOPES))
    for path in (ROLES, SCOPES):
        assert _unique([item["value"] or "" for item in now[path]])
        there = {item["id"]: item for item in now[path]}
        for item in before[path]:
            if item["isEnabled"]:
                assert {**there.get(item["id"], {}), "isEnabled": True} == item
    for id_, scope in scopes.items():
        same = {
            role["id"]
            for role in roles.values()
            if role["value"] and role["value"].casefold() == scope["value"].casefold()
        }
        assert same <= {id_}
        if id_ in roles:
            twin = roles[id_]
            assert (twin["value"], twin["description"], twin["isEnabled"]) == (
                scope["value"],
                scope["adminConsentDescription"],
                scope["isEnabled"],
            )
