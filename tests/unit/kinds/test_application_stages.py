"""How a collection of live scopes or roles gets from before to after without ever touching an enabled one."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from entra_config.kinds.application_steps import stages

ENTRIES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["one", "two"]))


def entries(found: dict[str, str], *, enabled: bool = True) -> list[dict[str, Any]]:
    """Return a collection of a few entries."""
    return [{"id": id_, "text": text, "isEnabled": enabled} for id_, text in found.items()]


@given(ENTRIES, ENTRIES)
def test_live_entries_stay_until_they_are_disabled(before: dict[str, str], after: dict[str, str]) -> None:
    """First only the new are added, then texts change, and nothing enabled is left out."""
    found = stages(entries(before), entries(after))
    assert [item for item in found.extended if item["id"] in before] == entries(before)
    assert {item["id"] for item in found.extended} == before.keys() | after.keys()
    assert {item["id"] for item in found.disabled if not item["isEnabled"]} == before.keys() - after.keys()
    assert {item["id"]: item["text"] for item in found.reduced} == after


@given(ENTRIES, ENTRIES)
def test_the_detour_disables_what_is_edited_and_nothing_else(before: dict[str, str], after: dict[str, str]) -> None:
    """Where Graph refuses to edit an enabled entry, exactly the edited ones are disabled first."""
    found = stages(entries(before), entries(after))
    changed = {id_ for id_, text in before.items() if after.get(id_, text) != text}
    assert {item["id"] for item in found.edit_first if not item["isEnabled"]} == changed
