"""What an application's own properties may be, and when its permissions are looked at."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from entra_emulator.graph import applications as rules
from entra_emulator.graph.errors import ODataError

SINGLE, BOTH, PERSONAL = "AzureADMyOrg", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"


def app(**more: Any) -> Any:
    """Return an application, with these properties."""
    row: dict[str, Any] = {
        "id": "1",
        "info": {"logoUrl": None},
        "parentalControlSettings": {"legalAgeGroupRule": None},
        "displayName": "a",
        "description": None,
        "uniqueName": None,
        "tags": [],
        "signInAudience": SINGLE,
        "api": {"requestedAccessTokenVersion": more.pop("version", None)},
        "groupMembershipClaims": None,
        "requiredResourceAccess": [],
    }
    return row | more


CHECKS = ["check_redirect_uris", "check_identifier_uris", "check_permissions", "check_authorized_clients"]


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the rules of other modules that are asked."""
    names: list[str] = []
    for name in CHECKS:
        monkeypatch.setattr(rules, name, lambda *_, name=name: names.append(name))
    for name in ("check_audience", "check_keys"):
        monkeypatch.setattr(rules.restrictions, name, lambda *_, name=name: names.append(name))
    return names


def calls(body: dict[str, Any] | None = None) -> Any:
    """Return a call, of a tenant where the name `had` is that of an application with id 2."""
    held = SimpleNamespace(find=lambda _, name: [{"id": "2"}] if name == "had" else [])
    empty = SimpleNamespace(find=lambda *_: [])
    tables = {"applications": empty, "groups": empty, "deletedItems": held}
    return SimpleNamespace(body=body or {}, tenant=SimpleNamespace(tables=tables))


@pytest.mark.parametrize(
    ("new", "taken"),
    [
        (app(), True),
        (app(displayName=None), False),
        (app(displayName=" "), False),
        (app(displayName="a" * 256), True),
        (app(displayName="a" * 257), False),
        (app(description="a" * 1024), True),
        (app(description="a" * 1025), False),
        (app(uniqueName=""), False),
        (app(uniqueName="free"), True),
        (app(uniqueName="Had"), False),
        (app(uniqueName="had", id="2"), True),
        (app(tags=["a", "a" * 256]), True),
        (app(tags=["a", ""]), False),
        (app(tags=["a" * 257]), False),
        (app(tags=["a", "a b"]), False),
        (app(tags=["a", "a"]), False),
        (app(signInAudience="Anybody"), False),
        (app(version=1), True),
        (app(version=2), True),
        (app(version=3), False),
        (app(version=2, signInAudience=BOTH), True),
        (app(version=1, signInAudience=BOTH), False),
        (app(version=None, signInAudience=PERSONAL), False),
        (app(groupMembershipClaims="None, SecurityGroup,All,ApplicationGroup,DirectoryRole"), True),
        (app(groupMembershipClaims="All, Some"), False),
        (app(parentalControlSettings={"legalAgeGroupRule": "BlockMinors"}), True),
        (app(parentalControlSettings={"legalAgeGroupRule": "Any"}), False),
        (app(info={"logoUrl": "https://a.test"}), False),
    ],
)
def test_new_applications(checked: list[str], new: Any, *, taken: bool) -> None:
    """At the edges that Graph documents; what is in other modules is asked too."""
    with nullcontext() if taken else pytest.raises(ODataError):
        rules.check_application(calls(), None, new, set())
        asked = {"check_audience", "check_keys", "check_permissions", *CHECKS[:2]}
        assert set(checked) == asked
