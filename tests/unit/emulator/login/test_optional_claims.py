"""Which groups and optional claims the registration of an application asks for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from entra_emulator.directory_roles import TEMPLATES
from entra_emulator.login import optional_claims as claims
from entra_emulator.login.parties import Party, SignedIn

ROLE = next(iter(TEMPLATES))
WHO = SignedIn({"id": "u"}, "session", 7, "10.0.0.1")


def party(groups: str | None = None, **kinds: Any) -> Party:
    """Return an application that asks for these groups, and for these claims by kind of token."""
    return Party("a", {"groupMembershipClaims": groups, "optionalClaims": kinds or None}, {"id": "sp"})


def named(name: str, *properties: str) -> list[dict[str, Any]]:
    """Return the request for one claim."""
    return [{"name": "other"}, {"name": name, "additionalProperties": list(properties) or None}]


def tenant(number: int = 2, *, roles: tuple[str, ...] = (ROLE, "Made up")) -> Any:
    """Return a tenant whose user is in so many groups, the first of them no security group."""
    rows = [{"id": f"g{n}", "displayName": f"G{n}", "securityEnabled": n > 0} for n in range(number)]
    return SimpleNamespace(
        tenant_id="t",
        directory_roles={"u": roles},
        all_groups=lambda _: rows,
        direct_groups=lambda _: rows[:1],
    )


GUEST = "ada_home.test#EXT#@t.test"
HASHED, PLAIN = (
    "include_externally_authenticated_upn",
    "include_externally_authenticated_upn_without_hash",
)


@pytest.mark.parametrize(
    ("name", "properties", "user", "version", "value"),
    [
        ("idtyp", (), {}, 2, None),
        ("idtyp", ("include_user_token",), {}, 2, "user"),
        ("tenant_ctry", (), {}, 2, "DE"),
        ("acct", (), {"userType": "Guest"}, 2, 1),
        ("acct", (), {"userType": "Member"}, 2, 0),
        ("sid", (), {}, 2, "session"),
        ("auth_time", (), {}, 2, 7),
        ("ipaddr", (), {}, 2, "10.0.0.1"),
        ("ipaddr", (), {}, 1, None),
        ("upn", (), {"userPrincipalName": "ada@t.test"}, 2, "ada@t.test"),
        ("upn", (), {"userPrincipalName": GUEST}, 2, None),
        ("upn", (HASHED,), {"userPrincipalName": GUEST}, 2, GUEST),
        ("upn", (PLAIN, HASHED), {"userPrincipalName": GUEST}, 2, "ada_home.test_EXT_@t.test"),
        ("email", (), {"mail": "ada@t.test"}, 2, "ada@t.test"),
        ("email", (), {}, 2, None),
        ("unknown", (), {"unknown": "a"}, 2, None),
    ],
)
def test_the_value_of_an_optional_claim(
    name: str, properties: tuple[str, ...], user: dict[str, Any], version: int, value: Any
) -> None:
    """As it is read from the user and the sign-in."""
    who = SignedIn(user, WHO.session_id, WHO.auth_time, WHO.address)
    asks = party(idToken=named(name, *properties))
    found = claims.optional_claims(tenant(), who, asks, "idToken", version=version, body={})
    assert found == ({} if value is None else {name: value})
    assert not claims.optional_claims(tenant(), who, asks, "idToken", version=version, body={name: "had"})
    assert not claims.optional_claims(tenant(), who, asks, "accessToken", version=version, body={})


@pytest.mark.parametrize(
    ("name", "value"), [("idtyp", "app"), ("tenant_region_scope", "EU"), ("sid", None), ("email", None)]
)
def test_without_a_user(name: str, value: str | None) -> None:
    """What is the tenant's, and that it is an application."""
    asks = party(accessToken=named(name))
    found = claims.optional_claims(tenant(), None, asks, "accessToken", version=1, body={})
    assert found == ({} if value is None else {name: value})


def test_claims_that_a_request_names() -> None:
    """Those that have a value and are not there yet, and the authentication contexts."""
    wanted = {"sid": None, "auth_time": None, "email": None, "ipaddr": None, "acrs": {"values": ["c1", "c2"]}}
    found = claims.requested_claims(tenant(), WHO, wanted, {"auth_time": 1})
    assert found == {"sid": "session", "ipaddr": "10.0.0.1", "acrs": ["c1", "c2"]}
    assert not claims.requested_claims(tenant(), WHO, {"email": None}, {})
