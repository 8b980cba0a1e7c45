"""The token lab: what a token says for a person, a client, an API and its scopes, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from entra_config.emulator.callers import GRAPH_APP_ID
from entra_config.emulator.login import parties
from entra_config.emulator.login.errors import LoginError
from entra_config.emulator.login.explain import Explained, explain, reasons
from entra_config.emulator.login.parties import Party
from entra_config.emulator.portal.issued import issued
from entra_config.emulator.portal.listing import by_name
from entra_config.emulator.portal.marks import mark_of
from entra_config.emulator.portal.objects import name_of
from entra_config.emulator.portal.visit import Visit

Row = Mapping[str, Any]
# What a list to choose from can hold; what the address names is always in it.
LISTED = 200
DECIDES = ("roles", "scp", "groups", "wids", "aud", "azp", "appid", "acrs")
TIMES = {"iat", "nbf", "exp", "auth_time"}
# Every token has others of these: that they differ says nothing.
_NOISE = {"uti", "aio", "rh", "sid", "xms_ftd", "nonce", "sub", "login_hint"}
_PROTOCOL = {
    "iss",
    "iat",
    "nbf",
    "exp",
    "ver",
    "tid",
    "azpacr",
    "appidacr",
    "acr",
    "amr",
    "auth_time",
    "ipaddr",
    "idp",
}


@dataclass(frozen=True)
class ClaimRow:
    """One claim of a token, beside that of another where two are compared."""

    name: str
    value: Any
    why: str
    other: Any = None
    more: str = ""
    differs: bool = False
    same: bool = False


@dataclass
class ShownToken:
    """A token, or the refusal in its place."""

    text: str = ""
    claims: list[Explained] = field(default_factory=list)
    refusal: str = ""
    code: int = 0

    @property
    def values(self) -> dict[str, Explained]:
        """Return the claims by name."""
        return {claim.name: claim for claim in self.claims}


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    person: str
    client: str
    api: str
    scopes: tuple[str, ...]
    other: str

    def parameters(self) -> dict[str, str]:
        """Return it as an address has it."""
        return {
            "person": self.person,
            "client": self.client,
            "api": self.api,
            "scopes": " ".join(self.scopes),
            "other": self.other,
        }


def show(visit: Visit) -> Response:
    """Show the token of the address."""
    tenant = visit.tenant
    clients = _with(
        by_name(tenant.applications)[:LISTED], tenant.application_by_app_id(visit.param("client"))
    )
    apis = [row for row in by_name(tenant.applications) if _is_api(row)][:LISTED]
    people = _with(by_name(tenant.users)[:LISTED], tenant.user_by_name(visit.param("person")))
    asked = _asked(visit)
    api = _party(visit, asked.api)
    token, other = ShownToken(), None
    if asked.client and asked.api:
        token = make(visit, asked, asked.person)
        other = make(visit, asked, asked.other) if asked.other else None
    return visit.render(
        "token.html",
        here="token",
        asked=asked,
        clients=[(str(row["appId"]), _labelled(row)) for row in clients],
        apis=[(str(row["appId"]), _labelled(row)) for row in apis],
        people=[(str(row["id"]), f"{name_of(row)} · {row.get('userPrincipalName')}") for row in people],
        scopes=[(str(scope["value"]), scope.get("isEnabled") is not False) for scope in api.scopes]
        if api
        else [],
        api=api,
        token=token,
        other=other,
        sections=sections(token, other, api.name if api else ""),
        names=(_name(visit, asked.person), _name(visit, asked.other)),
        deep=f"{visit.held.door.origin}{visit.path('token', **asked.parameters())}",
        graph=GRAPH_APP_ID,
    )


def explain_pasted(visit: Visit) -> Response:
    """Explain a token that was pasted: it stands in no address."""
    text = visit.form.get("token", "").strip()
    service = visit.held.service
    found = explain(text, service.directory, service.keys) if text else None
    problem = "" if found else "This is not a JWT: three parts with dots between them are expected."
    return visit.render(
        "pasted.html",
        here="token",
        found=found,
        problem=problem,
        sections=(sections(ShownToken(text, found.claims), None, "") if found else []),
    )


def make(visit: Visit, asked: Asked, person: str) -> ShownToken:
    """Make a token for a person, or for the client itself where nobody is named; nothing is written by it."""
    prefix = asked.api
    scope = " ".join(f"{prefix}/{name}" for name in asked.scopes) or f"{prefix}/.default"
    try:
        text, claims = issued(visit.held.service, visit.tenant, asked.client, person, scope)
    except LoginError as error:
        return ShownToken(refusal=f"AADSTS{error.code}: {error.text}", code=error.code)
    return ShownToken(text, reasons(claims, visit.held.service.directory))


def sections(token: ShownToken, other: ShownToken | None, api: str) -> list[tuple[str, list[ClaimRow]]]:
    """Return the claims: what the API decides by, who it is about, protocol."""
    found, beside = token.values, other.values if other else {}
    names = [*found, *(name for name in beside if name not in found)]
    rows = [_row(name, found.get(name), beside.get(name), compared=other is not None) for name in names]
    first = sorted((row for row in rows if row.name in DECIDES), key=lambda row: DECIDES.index(row.name))
    last = [row for row in rows if row.name in _PROTOCOL | _NOISE and row.name != "sub"]
    who = [row for row in rows if row not in first and row not in last]
    parts = ((f"What {api or 'the API'} decides by", first), ("Who it is about", who), ("Protocol", last))
    return [(words, part) for words, part in parts if part]


def _row(name: str, one: Explained | None, two: Explained | None, *, compared: bool) -> ClaimRow:
    value, other = one.value if one else None, two.value if two else None
    moving = name in TIMES or name in _NOISE
    return ClaimRow(
        name,
        value,
        one.why if one else "It is not in this token.",
        other,
        _second(one, two) if compared and not moving else "",
        differs=compared and value != other and not moving,
        same=compared and value == other,
    )


def _second(one: Explained | None, two: Explained | None) -> str:
    """Return the other's reason, where it is another one."""
    why = two.why if two else "It is not in this token."
    return why if one is None or one.value != (two.value if two else None) else ""


def _asked(visit: Visit) -> Asked:
    user = visit.tenant.user_by_name(visit.param("person")) if visit.param("person") else None
    scopes = [part for text in visit.request.query_params.getlist("scopes") for part in text.split()]
    other = visit.tenant.user_by_name(visit.param("other")) if visit.param("other") else None
    return Asked(
        str(user["id"]) if user else "",
        visit.param("client"),
        visit.param("api"),
        tuple(dict.fromkeys(scopes)),
        str(other["id"]) if other else "",
    )


def _party(visit: Visit, app_id: str) -> Party | None:
    return parties.find_party(visit.held.service.directory, visit.tenant, app_id) if app_id else None


def _name(visit: Visit, user_id: str) -> str:
    row = visit.tenant.users.get(user_id) if user_id else None
    return name_of(row) if row else "The client itself"


def _with(rows: list[dict[str, Any]], more: dict[str, Any] | None) -> list[dict[str, Any]]:
    return rows if more is None or more in rows else [more, *rows]


def _is_api(row: Row) -> bool:
    return bool(row["api"].get("oauth2PermissionScopes") or row["appRoles"])


def _labelled(row: Row) -> str:
    mark = mark_of(row)
    return f"{name_of(row)} · {mark.owner}" if mark else name_of(row)
