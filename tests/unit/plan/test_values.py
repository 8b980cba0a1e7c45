"""A value of a plan as one line: whole, but for secrets and keys that nobody reads."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.plan import values
from entra_config.resource import Address, Ref, Text

APP = Ref(Address("application", "api"), "appId")
LONG = "x" * 100


@pytest.mark.parametrize(
    ("value", "path", "said"),
    [
        ("a", "displayName", '"a"'),
        (APP, "web.clientId", "(known after apply)"),
        (Text(("api://", APP)), "uri", '"api://(known after apply)"'),
        ("hunter2", "passwordCredentials.secretText", "(secret)"),
        ("hunter2", "PASSWORD", "(secret)"),
        ({"password": "hunter2", "hint": None}, "", '{"password": "(secret)", "hint": null}'),
        ({"key": LONG + "y"}, "", '{"key": "(101 characters)"}'),
        ({"KEY": LONG + "y"}, "", '{"KEY": "(101 characters)"}'),
        ({"key": 5}, "", '{"key": 5}'),
        ({"key": LONG}, "", f'{{"key": "{LONG}"}}'),
        ({"key": [LONG + "y"]}, "", f'{{"key": ["{LONG}y"]}}'),
        ({"subject": LONG + "y"}, "", f'{{"subject": "{LONG}y"}}'),  # what identifies is never cut
        ({"k": b"1234"}, "", '{"k": "(4 bytes)"}'),
        ([True, 0, None], "", "[true, 0, null]"),
        ({"b", "a", "c"}, "", '["a", "b", "c"]'),
        ({"k": "é"}, "", '{"k": "é"}'),
        ((APP, 1.5), "", '["(known after apply)", 1.5]'),
    ],
)
def test_a_value_is_whole_and_no_secret_is_in_it(value: Any, path: str, said: str) -> None:
    """However deep it lies, and whatever case its name has."""
    assert values.shown(value, path) == said


def test_of_long_texts_for_people_what_differs_is_left_and_of_what_identifies_all() -> None:
    """A description is cut around its difference; a subject, and one side that is no text, are not."""
    before, after = f"{LONG * 3} old {LONG * 3}", f"{LONG * 3} new {LONG * 3}"
    whole = (f'"{before}"', f'"{after}"')

    cut = values.pair(before, after, "appRoles.description")
    assert "old" in cut[0]
    assert "new" in cut[1]
    assert max(map(len, cut)) < len(before)
    assert values.pair(before, after, "subject") == whole
    assert values.pair(None, after, "description") == ("null", whole[1])
    assert values.pair(before, None, "description") == (whole[0], "null")
