"""The claims of a proven token: whatever they are, a user who is right or a refusal."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.auth.claims import Rules, check
from api.auth.failures import TokenRefusedError
from api.settings import EntraSettings
from api.tests.conftest import V1, V2
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


OTHER, STRANGE = "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"


@pytest.mark.parametrize("version", [V1, V2])
def test_only_allowed_tenants_get_in_and_each_by_its_own_issuer(version: dict[str, Any]) -> None:
    """A tenant that is not listed is refused, and so is a listed one whose issuer is another's."""
    rules = Rules.of(EntraSettings(**(version | {"ALLOWED_TENANTS": (OTHER,)})))
    make = user_claims if version is V2 else v1_claims
    genuine = make()

    def of(tid: str, issuer_of: str) -> dict[str, Any]:
        return genuine | {"tid": tid, "iss": genuine["iss"].replace(TENANT, issuer_of)}

    assert check(of(OTHER, OTHER), rules, NOW).tenant_id == OTHER
    assert check(of(TENANT, TENANT), rules, NOW).tenant_id == TENANT
    for tid, issuer_of, reason in (
        (STRANGE, STRANGE, "tenant"),
        (STRANGE, OTHER, "tenant"),
        (OTHER, TENANT, "issuer"),
        (TENANT, OTHER, "issuer"),
        (OTHER, STRANGE, "issuer"),
    ):
        with pytest.raises(TokenRefusedError, match=reason):
            check(of(tid, issuer_of), rules, NOW)
    with pytest.raises(TokenRefusedError, match="tenant"):
        check(of(OTHER, OTHER), Rules.of(EntraSettings(**version)), NOW)


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


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"nbf": NOW + 31}, "not_yet_valid"),
        ({"iat": NOW + 31}, "not_yet_valid"),
        ({"nbf": NOW + 30, "iat": NOW}, ""),
        ({"nbf": NOW, "iat": NOW + 30}, ""),
        ({"exp": NOW}, "expired"),
        ({"exp": NOW + 1}, ""),
        ({"exp": True}, "claims"),
        ({"exp": float(NOW + 9)}, "claims"),
        ({"nbf": None}, "claims"),
        ({"oid": ""}, "claims"),
        ({"name": ""}, "claims"),
        ({"name": ...}, ""),
        ({"sub": ""}, "claims"),
        ({"scp": ""}, "claims"),
        ({"scp": ["user.read"]}, "claims"),
        ({"roles": "Admin"}, "claims"),
        ({"roles": [1]}, "claims"),
        ({"roles": []}, ""),
        ({"groups": "g"}, "claims"),
        ({"_claim_names": "groups"}, "claims"),
        ({"nonce": "n"}, "not_access_token"),
        ({"azp": ...}, "not_access_token"),
        ({"idtyp": "app"}, "not_access_token"),
        ({"idtyp": "device"}, "not_access_token"),
        ({"scp": ...}, "not_access_token"),
        ({"scp": ..., "sub": ALICE}, ""),
        ({"scp": ..., "sub": ALICE, "idtyp": "user"}, "not_access_token"),
    ],
    ids=str,
)
def test_each_claim_at_its_limit(change: dict[str, Any], reason: str) -> None:
    """A second decides; an empty text is none, and a number that is no whole one is no time."""
    whole = {
        name: int(value) if name in {"nbf", "iat"} and value else value for name, value in change.items()
    }
    claims = user_claims(**whole)
    if not reason:
        assert check(claims, RULES, NOW)
        return
    with pytest.raises(TokenRefusedError) as refused:
        check(claims, RULES, NOW)
    assert refused.value.reason.value == reason
    assert refused.value.client == (None if "azp" in change else SPA)


@pytest.mark.parametrize(
    ("change", "groups"),
    [
        ({}, frozenset()),
        ({"groups": ["a", "b"]}, frozenset({"a", "b"})),
        ({"_claim_names": {"groups": "src1"}}, None),
        ({"_claim_names": {"roles": "src1"}, "groups": ["a"]}, frozenset({"a"})),
        ({"hasgroups": True}, None),
        ({"hasgroups": "true"}, None),
        ({"hasgroups": False, "groups": ["a"]}, frozenset({"a"})),
        ({"hasgroups": "no"}, frozenset()),
    ],
)
def test_groups_are_known_unless_there_are_too_many(
    change: dict[str, Any], groups: frozenset[str] | None
) -> None:
    """Entra points elsewhere then: nobody's membership is known."""
    assert check(user_claims(**change), RULES, NOW).groups == groups


def test_what_a_user_is_is_what_the_token_says() -> None:
    """Scopes word by word, roles, the name, the end; an application has no scopes."""
    user = check(user_claims(scp="a  b", roles=["R"], exp=int(NOW) + 60), RULES, NOW)
    assert (sorted(user.scopes), sorted(user.roles)) == (["a", "b"], ["R"])
    assert (user.name, user.expires_at) == ("Alice", int(NOW) + 60)
    assert check(app_claims(), RULES, NOW).scopes == frozenset()
    assert check(user_claims(name=...), RULES, NOW).name is None


def test_audiences_of_version_1_are_what_a_client_may_have_asked_for() -> None:
    """The id, and the URI with a slash or without; version 2 has the id, and the URI without."""
    assert V1_RULES.audiences == {EntraSettings(**V1).api_client_id, URI, f"{URI}/"}
    assert RULES.audiences == {API, URI}
    assert (RULES.version, RULES.client_claim) == ("2.0", "azp")
    assert (V1_RULES.version, V1_RULES.client_claim) == ("1.0", "appid")
