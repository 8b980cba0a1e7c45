"""The claims of a proven token and this API's rules in, a `CurrentUser` or a refusal out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from api.auth.failures import Reason, TokenRefusedError
from api.auth.user import CurrentUser, Kind
from api.settings import EntraSettings

# Entra dates iat and nbf five minutes back, and clients renew five minutes
# before exp; so exp needs no leeway, and these only that of an unset clock.
LEEWAY_SECONDS = 30


@dataclass(frozen=True)
class Rules:
    """What a token must say to be meant for this API.

    =======  =====================================  ========  =====================
    version  iss                                    client    aud
    =======  =====================================  ========  =====================
    1        https://sts.windows.net/{tid}/         appid     what the client asked:
                                                              the URI, or the id
    2        https://login…/{tid}/v2.0              azp       the client id
    =======  =====================================  ========  =====================
    """

    issuers: Mapping[str, str]  # by the tenant whose tokens are taken
    audiences: frozenset[str]
    version: str
    client_claim: str
    username_claims: tuple[str, ...]

    @classmethod
    def of(cls, settings: EntraSettings) -> Self:
        """Derive the rules from the settings; only `TOKEN_VERSION` tells v1 from v2."""
        uri = settings.api_app_id_uri.rstrip("/")
        v2 = settings.token_version == 2
        return cls(
            issuers={
                tenant_id: settings.issuer.replace(f"/{settings.tenant_id}/", f"/{tenant_id}/")
                for tenant_id in (settings.tenant_id, *settings.allowed_tenants)
            },
            audiences=frozenset({settings.api_client_id, uri} | (set() if v2 else {f"{uri}/"})),
            version="2.0" if v2 else "1.0",
            client_claim="azp" if v2 else "appid",
            username_claims=("preferred_username",) if v2 else ("upn", "unique_name"),
        )


def check(claims: dict[str, Any], rules: Rules, now: float) -> CurrentUser:
    """Return the user that the claims describe, or refuse them."""
    client = claims.get(rules.client_claim)
    try:
        _check_origin(claims, rules)
        _check_times(claims, now)
        return _user(claims, rules)
    except TokenRefusedError as refusal:
        refusal.client = client if isinstance(client, str) else None
        raise


def _check_origin(claims: dict[str, Any], rules: Rules) -> None:
    if _text(claims, "ver") != rules.version:
        raise TokenRefusedError(Reason.VERSION)
    tenant_id = _text(claims, "tid")
    if tenant_id not in rules.issuers:
        raise TokenRefusedError(Reason.TENANT)
    # A tenant vouches for its own people alone.
    if _text(claims, "iss") != rules.issuers[tenant_id]:
        raise TokenRefusedError(Reason.ISSUER)
    # A list would let one token serve many APIs; Entra never writes one.
    if _text(claims, "aud") not in rules.audiences:
        raise TokenRefusedError(Reason.AUDIENCE)


def _check_times(claims: dict[str, Any], now: float) -> None:
    expires, not_before, issued = _seconds(claims, "exp"), _seconds(claims, "nbf"), _seconds(claims, "iat")
    if expires <= now:
        raise TokenRefusedError(Reason.EXPIRED)
    if max(not_before, issued) > now + LEEWAY_SECONDS:
        raise TokenRefusedError(Reason.NOT_YET_VALID)


def _user(claims: dict[str, Any], rules: Rules) -> CurrentUser:
    # An ID token has a nonce and no client claim.
    if "nonce" in claims or rules.client_claim not in claims:
        raise TokenRefusedError(Reason.NOT_ACCESS_TOKEN)
    kind = _kind(claims)
    return CurrentUser(
        kind=kind,
        object_id=_text(claims, "oid"),
        tenant_id=_text(claims, "tid"),
        client_id=_text(claims, rules.client_claim),
        subject=_text(claims, "sub"),
        name=_optional_text(claims, "name"),
        username=next(
            (value for name in rules.username_claims if (value := _optional_text(claims, name))),
            None,
        ),
        scopes=frozenset(_text(claims, "scp").split(" ")) - {""} if kind == "user" else frozenset(),
        roles=_texts(claims, "roles"),
        groups=None if _overage(claims) else _texts(claims, "groups"),
        expires_at=_seconds(claims, "exp"),
    )


def _kind(claims: dict[str, Any]) -> Kind:
    """Tell a person's token from an app-only one.

    ========  ========  =====================================
    idtyp     scp       token
    ========  ========  =====================================
    user, -   yes       a person's
    app, -    no        app-only, if sub is oid
    else                refused
    ========  ========  =====================================

    Roles prove nothing: people have them too. `idtyp` is an optional claim.
    """
    idtyp, delegated = claims.get("idtyp"), "scp" in claims
    if delegated and idtyp in (None, "user"):
        return "user"
    # For a person `sub` is a pairwise id, for an application its object id.
    if not delegated and idtyp in (None, "app") and _text(claims, "sub") == _text(claims, "oid"):
        return "application"
    raise TokenRefusedError(Reason.NOT_ACCESS_TOKEN)


def _overage(claims: dict[str, Any]) -> bool:
    # Above 200 groups Entra sends a pointer in their place (_claim_names), in
    # the implicit flow a bare hasgroups.
    names = claims.get("_claim_names", {})
    if not isinstance(names, dict):
        raise TokenRefusedError(Reason.CLAIMS)
    return "groups" in names or claims.get("hasgroups") in (True, "true")


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise TokenRefusedError(Reason.CLAIMS)
    return value


def _optional_text(claims: dict[str, Any], name: str) -> str | None:
    return _text(claims, name) if name in claims else None


def _texts(claims: dict[str, Any], name: str) -> frozenset[str]:
    values = claims.get(name, [])
    # "Admin" in "Administrators" is true: a string in place of a list is refused.
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TokenRefusedError(Reason.CLAIMS)
    return frozenset(values)


def _seconds(claims: dict[str, Any], name: str) -> int:
    value = claims.get(name)
    # JSON's true is a bool, which isinstance would take for an int.
    if type(value) is not int:
        raise TokenRefusedError(Reason.CLAIMS)
    return value
