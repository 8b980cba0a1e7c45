"""The claims of a proven token: whatever they are, a user who is right or a refusal."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.auth.claims import Rules, check
from api.auth.failures import TokenRefusedError
from api.settings import EntraSettings
from api.tests.conftest import UNHURRIED, V1, V2
from api.tests.issuer import (
    ALICE,
    API,
    NIGHTLY,
    NOW,
    ROBOT,
    SPA,
    TENANT,
    URI,
    app_claims,
    user_claims,
    v1_claims,
)

RULES = Rules.of(EntraSettings(**V2))
V1_RULES = Rules.of(EntraSettings(**V1))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([API, URI, TENANT, "user"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@UNHURRIED
@given(st.sampled_from(sorted(user_claims())), JSON)
def test_one_claim_of_any_kind(name: str, value: Any) -> None:
    """No value of any claim is a crash, and none of the deciding claims may differ."""
    genuine = user_claims()
    try:
        user = check(genuine | {name: value}, RULES, NOW)
    except TokenRefusedError:
        return
    if name in {"iss", "tid", "ver"}:
        assert value == genuine[name]
    assert all(isinstance(text, str) for text in (user.object_id, user.client_id, *user.scopes, *user.roles))
    assert name != "aud" or value in RULES.audiences


@UNHURRIED
@given(st.dictionaries(st.sampled_from(sorted(user_claims())) | st.text(max_size=6), JSON))
def test_any_claims(claims: dict[str, Any]) -> None:
    """Claims that are not a token's never make a user."""
    with pytest.raises(TokenRefusedError):
        check(claims, RULES, NOW)


@pytest.mark.parametrize(
    ("claims", "rules", "expected"),
    [
        (user_claims(), RULES, ("user", ALICE, SPA, "alice@contoso.com")),
        (user_claims(idtyp="user"), RULES, ("user", ALICE, SPA, "alice@contoso.com")),
        (user_claims(preferred_username=...), RULES, ("user", ALICE, SPA, None)),
        (app_claims(), RULES, ("application", ROBOT, NIGHTLY, None)),
        (app_claims(idtyp="app"), RULES, ("application", ROBOT, NIGHTLY, None)),
        (v1_claims(), V1_RULES, ("user", ALICE, SPA, "alice@contoso.com")),
        # A guest of v1 has no upn.
        (
            v1_claims(upn=..., unique_name="live.com#bob@outlook.com"),
            V1_RULES,
            ("user", ALICE, SPA, "live.com#bob@outlook.com"),
        ),
    ],
)
def test_who_calls(claims: dict[str, Any], rules: Rules, expected: tuple[str, str, str, str | None]) -> None:
    """People and applications of both token versions are told apart and known by their ids."""
    user = check(claims, rules, NOW)
    assert (user.kind, user.object_id, user.client_id, user.username) == expected
    assert user.tenant_id == TENANT
    assert bool(user.scopes) == (user.kind == "user")


@pytest.mark.parametrize("skew", [-29, 0, 30])
def test_a_clock_that_is_a_little_behind(skew: int) -> None:
    """A token that is valid in half a minute is valid now."""
    assert check(user_claims(nbf=NOW + skew, iat=NOW + skew), RULES, NOW).object_id == ALICE
