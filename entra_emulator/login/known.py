"""A refused sign-in in; the reason, what would change it, who else could, and the way back, out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

from entra_emulator import extension
from entra_emulator.extension import RefusedSignIn
from entra_emulator.login import absence, consent, parties, urls
from entra_emulator.login.errors import LoginError
from entra_emulator.login.flow import Flow
from entra_emulator.login.in_words import words_of
from entra_emulator.login.parties import Party, Row
from entra_emulator.login.scopes import parse
from entra_emulator.login.service import SignIn
from entra_emulator.tenant import Tenant

Form = Mapping[str, str]
_NAMED = 3
_NO_APPLICATION = 700016
# How alike two names are, from 0 to 1, to be taken for one that was mistyped; any two ids are half alike.
_ALIKE, _ALIKE_IDS = 0.6, 0.9
# What a person may be sent back to: a page, not whatever else an address can begin.
_PAGES = ("https://", "http://")


@dataclass(frozen=True)
class ObjectLink:
    """Something that the portal has a page of."""

    name: str
    kind: str
    id: str


@dataclass
class SignInKnowledge:
    """What stands beside Microsoft's own text."""

    tenant: Tenant
    reason: str = ""
    objects: tuple[ObjectLink, ...] = ()
    # Settings that would change it, by what they mean here.
    keys: dict[str, str] = field(default_factory=dict)
    command: str = ""
    # People who would get in, and how many more.
    others: tuple[str, ...] = ()
    more: int = 0
    # Pages of the portal that ask before they change what refused, by the words of the link.
    changes: dict[str, str] = field(default_factory=dict)
    # A host that nobody registered: shown, and never proposed.
    strange_host: str = ""
    # Where to go on, by the words of the link.
    ways: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _RefusedRequest:
    """A refused request with its ends."""

    service: SignIn
    tenant: Tenant
    client: Party
    user: Row | None
    scope: str
    redirect_uri: str
    code: int


def known(service: SignIn, segment: str, given: Form, code: int, flow: Flow | None = None) -> SignInKnowledge:
    """Return what is known; `given` are the parameters of the request, a page's sealed flow among them."""
    flow = flow or _flow(service, given)
    tenant = _tenant(service, segment, flow)
    app_id = flow.client_id if flow else given.get("client_id", "")
    client = parties.find_party(service.directory, tenant, app_id) if app_id else None
    user = tenant.user_by_name(given.get("user") or given.get("username") or "")
    found = SignInKnowledge(tenant, words_of(code))
    if client is None:
        found.reason = _unknown_client(found, app_id) if code == _NO_APPLICATION else found.reason
    else:
        found.objects = (_link(client), *([_person(user)] if user else []))
        scope = flow.scope if flow else given.get("scope", "")
        refused = _RefusedRequest(service, tenant, client, user, scope, given.get("redirect_uri", ""), code)
        _explain(found, refused)
    if flow is not None:
        _ways(found, flow)
    return found


def _tenant(service: SignIn, segment: str, flow: Flow | None) -> Tenant:
    try:
        if flow is not None:
            return service.directory.tenants[flow.tenant_id]
        return parties.find_tenant(service.directory, segment)
    except (LoginError, KeyError):
        return service.directory.default


def _explain(found: SignInKnowledge, refused: _RefusedRequest) -> None:
    client, code = refused.client, refused.code
    if code == 50105 and refused.user is not None:
        _not_assigned(found, refused, refused.user)
    elif code == 50011:
        _not_registered(found, refused)
    elif code in (65001, 90094):
        _not_consented(found, refused)
    elif code == 650053:
        _no_such_scope(found, refused)
    elif code == 50057 and refused.user is not None:
        name = refused.user.get("displayName")
        found.reason = f"{name} is disabled."
        found.changes[f"Enable {name} in the portal"] = _change("enable-user", user=refused.user["id"])
    if not found.keys:
        _add_remedy(found, RefusedSignIn(code, client.application or client.service_principal))


def _not_assigned(found: SignInKnowledge, refused: _RefusedRequest, user: Row) -> None:
    party = _requiring(refused, user) or refused.client
    name = str(user.get("displayName"))
    upn = str(user.get("userPrincipalName"))
    found.reason = (
        f"{party.name} requires an assignment; {name} has no role there and is in no group that gives one. "
        f"{absence.unassigned(refused.service.directory, upn, party.app_id)}"
    )
    found.objects = tuple(dict.fromkeys((_link(party), _link(refused.client), _person(user))))
    roles = [role for role in party.app_roles if role.get("isEnabled")]
    names = tuple(str(role.get("value") or role["displayName"]) for role in roles)
    row = party.application or party.service_principal
    _add_remedy(found, RefusedSignIn(refused.code, row, names, upn))
    found.changes[f"Give {name} a role in the portal"] = _change(
        "assign", resource=party.app_id, holder=user["id"]
    )
    people = admitted(found.tenant, party)
    found.others, found.more = tuple(people[:_NAMED]), max(0, len(people) - _NAMED)


def _not_registered(found: SignInKnowledge, refused: _RefusedRequest) -> None:
    """Compare the requested redirect URI with the registered ones; propose it only where its host is one of
    theirs or the machine itself, since anybody can write the address of a sign-in page.
    """
    client, requested = refused.client, refused.redirect_uri
    platforms = {uri: platform for platform, uris in client.redirect_uris().items() for uri in uris}
    nearest = _nearest(requested, platforms)
    found.reason = (
        f"{client.name} was asked to go back to {requested or 'nowhere'}. It registers "
        f"{', '.join(platforms) or 'no redirect URI'}."
    ) + (f" The nearest is {nearest}." if nearest and len(platforms) > 1 else "")
    if not requested or not client.application:
        return
    origins = {_origin(uri): platform for uri, platform in platforms.items()}
    origin, loopback = _origin(requested), urls.split(requested).hostname in urls.LOOPBACK
    if origin in origins or loopback:
        platform = origins.get(origin) or platforms.get(nearest) or next(iter(platforms.values()), "spa")
        found.changes["Add the redirect URI in the portal"] = _change(
            "add-uri", application=client.application["id"], uri=requested, platform=platform
        )
    else:
        found.strange_host = urls.split(requested).hostname or requested


def _not_consented(found: SignInKnowledge, refused: _RefusedRequest) -> None:
    directory, client = refused.service.directory, refused.client
    try:
        needs = consent.needed(
            directory, refused.tenant, client, parse(refused.scope), refused.user or {"id": ""}
        )
    except LoginError:
        needs = []
    reported = [f"{', '.join(need.names)} of {need.resource.name}" for need in needs]
    found.reason = f"Nobody consented to {' and '.join(reported) or 'all'} that {client.name} asks for."
    who = str(refused.user["userPrincipalName"]) if refused.user and refused.code != 90094 else "everybody"
    for need in needs:
        words = f"Consent to {', '.join(need.names)} of {need.resource.name} in the portal"
        found.changes[words] = _change(
            "consent", client=client.app_id, api=need.resource.app_id, scopes=" ".join(need.names), who=who
        )


def _no_such_scope(found: SignInKnowledge, refused: _RefusedRequest) -> None:
    for scope_request in parse(refused.scope).by_resource:
        try:
            api = parties.find_resource(refused.service.directory, refused.tenant, scope_request.resource)
        except LoginError:
            continue
        offered = [str(scope["value"]) for scope in api.scopes if scope.get("isEnabled")]
        for name in scope_request.names:
            if name not in offered and name != ".default":
                nearest = _nearest(name, offered)
                found.reason = f"{api.name} offers no scope {name}." + (
                    f" The nearest is {nearest}." if nearest else ""
                )
                found.objects = tuple(dict.fromkeys((_link(api), *found.objects)))


def _unknown_client(found: SignInKnowledge, app_id: str) -> str:
    registered = {str(row["appId"]): str(row["displayName"]) for row in found.tenant.applications}
    nearest = _nearest(app_id, registered, _ALIKE_IDS)
    return f"No application of {found.tenant.display_name} has the client id {app_id or '(none)'}." + (
        f" The nearest is {nearest}, that of {registered[nearest]}." if nearest else ""
    )


def _nearest(requested: str, known_names: Iterable[str], alike: float = _ALIKE) -> str:
    return next(iter(get_close_matches(requested, list(known_names), 1, alike)), "")


def _origin(uri: str) -> tuple[str, str]:
    parts = urls.split(uri)
    return parts.scheme, parts.netloc


def _change(name: str, **given: Any) -> str:
    return f"edit/{name}?{urlencode(given)}"


def admitted(tenant: Tenant, party: Party) -> list[str]:
    """Return the names of the people whom an assignment lets in, ordered."""
    ids: set[str] = set()
    for row in tenant.app_role_assignments.find("resourceId", party.id):
        ids.update((str(row["principalId"]), *tenant.members.targets(str(row["principalId"]))))
    rows = (tenant.users.get(each) for each in ids)
    return sorted(
        str(row["displayName"]) for row in rows if row is not None and row.get("accountEnabled") is not False
    )


def _add_remedy(found: SignInKnowledge, refused: RefusedSignIn) -> None:
    """Add what the portal's extension knows: the settings that would let the person in, and a command."""
    remedy = extension.explain(refused)
    found.keys, found.command = dict(remedy.settings), remedy.command


def _requiring(refused: _RefusedRequest, user: Row) -> Party | None:
    requested = [refused.client]
    for scope_request in parse(refused.scope).by_resource:
        try:
            requested.append(
                parties.find_resource(refused.service.directory, refused.tenant, scope_request.resource)
            )
        except LoginError:
            continue
    principals = parties.principals_of(refused.tenant, user)
    requiring = (one for one in requested if one.requires_assignment)
    return next((one for one in requiring if not parties.assigned(refused.tenant, principals, one)), None)


def _ways(found: SignInKnowledge, flow: Flow) -> None:
    requested: dict[str, Any] = {
        "client_id": flow.client_id,
        "redirect_uri": flow.redirect_uri,
        "response_type": " ".join(flow.response_types),
        "response_mode": flow.response_mode,
        "scope": flow.scope,
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": flow.challenge,
        "code_challenge_method": flow.method,
        "prompt": "select_account",
    }
    query = urlencode({name: value for name, value in requested.items() if value})
    found.ways["Try again as somebody else"] = f"/{flow.segment}/oauth2/v2.0/authorize?{query}"
    if flow.redirect_uri.startswith(_PAGES) and flow.response_mode in ("query", "fragment"):
        given = {
            "error": "access_denied",
            "error_subcode": "cancel",
            **({"state": flow.state} if flow.state else {}),
        }
        mark = "#" if flow.response_mode == "fragment" else "&" if "?" in flow.redirect_uri else "?"
        found.ways["Back to the application"] = f"{flow.redirect_uri}{mark}{urlencode(given)}"


def _flow(service: SignIn, given: Form) -> Flow | None:
    try:
        return Flow.opened(service, given["flow"]) if given.get("flow") else None
    except LoginError:
        return None


def _link(party: Party) -> ObjectLink:
    if party.application:
        return ObjectLink(party.name, "registrations", str(party.application["id"]))
    return ObjectLink(party.name, "enterprise", party.id)


def _person(user: Row) -> ObjectLink:
    return ObjectLink(str(user.get("displayName")), "users", str(user["id"]))
