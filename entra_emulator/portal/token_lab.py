"""The token lab: what a token says for a person, a client, an API and its scopes, and why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Any

import jwt
from starlette.responses import Response

from entra_emulator.callers import GRAPH_APP_ID
from entra_emulator.clock import ManualClock
from entra_emulator.login import parties
from entra_emulator.login.errors import LoginError
from entra_emulator.login.explain import explain, reasons
from entra_emulator.login.known import SignInKnowledge, known
from entra_emulator.login.parties import Party
from entra_emulator.login.service import SignIn
from entra_emulator.portal import labels
from entra_emulator.portal.issued import issued
from entra_emulator.portal.listing import by_name
from entra_emulator.portal.objects import NamedObject, client, name_of, named
from entra_emulator.portal.token_changes import TokenEnds, ValueChange, changes
from entra_emulator.portal.token_rows import ShownToken, sections
from entra_emulator.portal.visit import Visit
from entra_emulator.snapshots.named import BEGINNING, LAST, NOW, SnapshotError
from entra_emulator.tenant import Tenant

Row = Mapping[str, Any]
# What a list to choose from can hold; what the address names is always in it.
LISTED = 200
COMPARED = (("nothing", "Nothing"), ("person", "Another person"), ("before", "Before and after"))
_KINDS = (("access_token", "Access token"), ("id_token", "ID token"))


@dataclass(frozen=True)
class Requested:
    """What the address asks for."""

    person: str
    client: str
    api: str
    scopes: tuple[str, ...]
    compare: str
    other: str
    before: str
    kind: str

    def parameters(self, **others: str) -> dict[str, str]:
        """Return it as an address has it, some of it otherwise."""
        compared = {"person": {"other": self.other}, "before": {"before": self.before}}
        found = {
            "person": self.person,
            "client": self.client,
            "api": self.api,
            "scopes": " ".join(self.scopes),
            "compare": self.compare if self.compare != "nothing" else "",
            "kind": self.kind if self.kind != "access_token" else "",
            **compared.get(self.compare, {}),
        }
        return found | others


@dataclass(frozen=True)
class LabColumn:
    """One token with the words above it."""

    words: str
    who: str
    token: ShownToken
    known: SignInKnowledge | None = None


def show(visit: Visit) -> Response:
    """Show the token of the address, beside another where it asks for two."""
    requested = _requested(visit)
    try:
        columns = _columns(visit, requested) if requested.client and requested.api else []
    except SnapshotError as error:
        return visit.render("edit_gone.html", status=404, here="token", reason=str(error))
    api = _party(visit, requested.api)
    made = [column for column in columns if column.token.text]
    main = len(made) - 1 if requested.compare == "before" else 0
    recipient = "the client" if requested.kind == "id_token" else api.name if api else "the API"
    compared = len(made) > 1
    return visit.render(
        "token.html",
        here="token",
        requested=requested,
        **_choices(visit, requested, api),
        columns=columns,
        made=made,
        main=made[main] if made else None,
        rows=sections([column.token for column in made], recipient, main) if made else None,
        moved={name: _moved(visit, requested, name, made) for name in ("roles", "scp") if compared},
        valid=_valid_until(made[main].token) if made else "",
        linked=partial(_linked, _objects(visit, requested)),
        deep=f"{visit.held.door.origin}{visit.path('token', **requested.parameters())}",
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
        rows=sections([ShownToken(text, found.claims)], "the API") if found else None,
        linked=partial(_linked, []),
    )


def _choices(visit: Visit, requested: Requested, api: Party | None) -> dict[str, Any]:
    tenant, snapshots = visit.tenant, visit.held.emulator.snapshots
    people = _with(by_name(tenant.users)[:LISTED], tenant.user_by_name(requested.person))
    clients = _with(by_name(tenant.applications)[:LISTED], tenant.application_by_app_id(requested.client))
    apis = [row for row in by_name(tenant.applications) if _is_api(row)][:LISTED]
    apis = _with(apis, tenant.application_by_app_id(requested.api))
    last = snapshots.last
    kept = [*([last] if last else []), *reversed(snapshots.kept())]
    return {
        "people": [(str(row["id"]), f"{name_of(row)} · {row.get('userPrincipalName')}") for row in people],
        "clients": [(str(row["appId"]), _labelled(visit, row)) for row in clients],
        "apis": [(str(row["appId"]), _labelled(visit, row)) for row in apis],
        "scopes": [(str(each["value"]), each.get("isEnabled") is not False) for each in api.scopes]
        if api
        else [],
        "moments": [(one.name, f"{one.name}, {one.taken:%H:%M}") for one in kept]
        + [(BEGINNING, "the beginning")],
        "compared": COMPARED,
        "kinds": _KINDS,
    }


def _columns(visit: Visit, requested: Requested) -> list[LabColumn]:
    person = _name(visit, requested.person)
    now = LabColumn(person, person, *make(visit, requested, requested.person))
    if requested.compare == "person" and requested.other:
        other = _name(visit, requested.other)
        return [now, LabColumn(other, other, *make(visit, requested, requested.other))]
    if requested.compare == "before":
        moment = visit.held.emulator.snapshots.taken(requested.before)
        words = f"{moment:%H:%M}" if moment else "the beginning"
        then = requested.before
        before = make(visit, requested, requested.person, then)
        return [
            LabColumn(
                f"Before: {words}", f"{requested.before[:1].upper()}{requested.before[1:]} {person}", *before
            ),
            replace(now, words=f"Now: {visit.now:%H:%M}"),
        ]
    return [now]


def make(
    visit: Visit, requested: Requested, person: str, moment: str = NOW
) -> tuple[ShownToken, SignInKnowledge | None]:
    """Make a token for a person, or for the client itself where nobody is named; nothing is written by it.

    With it comes what is known of a refusal. `moment` is a snapshot: its people, roles and time.
    """
    service = _at(visit, moment)
    tenant = service.directory.tenants.get(visit.tenant.tenant_id)
    if tenant is None:
        return ShownToken(refusal="This tenant was not there."), None
    scope = " ".join(f"{requested.api}/{name}" for name in requested.scopes) or f"{requested.api}/.default"
    kind = requested.kind if person else "access_token"
    if kind == "id_token":
        scope = f"openid profile {scope}"
    try:
        text, claims = issued(service, tenant, requested.client, person, scope, kind=kind)
    except LoginError as error:
        user = tenant.users.get(person)
        given = {"client_id": requested.client, "scope": scope, "user": person if user else ""}
        return (
            ShownToken(refusal=f"AADSTS{error.code}: {error.text}", code=error.code),
            known(service, tenant.tenant_id, given, error.code),
        )
    return ShownToken(text, reasons(claims, service.directory), jwt.get_unverified_header(text)), None


def _at(visit: Visit, moment: str) -> SignIn:
    """Return sign-in as it was at a snapshot, under the clock of then."""
    service = visit.held.service
    if moment == NOW:
        return service
    snapshots = visit.held.emulator.snapshots
    clock = ManualClock(snapshots.taken(moment) or visit.now)
    return replace(service, directory=snapshots.directory(moment).fork(clock))


def _moved(visit: Visit, requested: Requested, claim: str, made: list[LabColumn]) -> list[ValueChange]:
    if requested.compare != "before":
        return []
    old = _then(visit, requested)
    ends = (
        _party(visit, requested.client),
        _party(visit, requested.client if requested.kind == "id_token" else requested.api),
    )
    if old is None or ends[0] is None or ends[1] is None:
        return []
    holder = requested.person or ends[0].id
    whom = TokenEnds(holder, ends[0], ends[1])
    values = [column.token.values.get(claim) for column in made]
    parts = [value.parts if value else {} for value in values]
    return changes(visit, old, whom, parts[0], parts[1])


def _then(visit: Visit, requested: Requested) -> Tenant | None:
    return visit.held.emulator.snapshots.directory(requested.before).tenants.get(visit.tenant.tenant_id)


def _valid_until(token: ShownToken) -> str:
    exp = token.values.get("exp")
    return "" if exp is None else exp.why.partition(" UTC")[0].partition(" ")[2]


def _objects(visit: Visit, requested: Requested) -> list[NamedObject]:
    """Return what the reasons may name: the two applications, the people and their groups."""
    tenant: Tenant = visit.tenant
    people = [each for each in (requested.person, requested.other) if each]
    then = _then(visit, requested) if requested.compare == "before" else None
    moments = (tenant, *([then] if then else []))
    groups = [group for one, each in product(moments, people) for group in one.members.sources(each)]
    return [
        *(client(visit, each) for each in (requested.client, requested.api) if each),
        *(named(visit, each) for each in dict.fromkeys((*people, *groups))),
    ]


def _linked(objects: list[NamedObject], text: str) -> list[tuple[str, str]]:
    """Cut a sentence where it names one of some objects: each piece with the page that it leads to."""
    pages = {each.name: each.address for each in objects if each.address}
    if not pages:
        return [(text, "")]
    names = "|".join(re.escape(name) for name in sorted(pages, key=len, reverse=True))
    parts = re.split(rf"(?<!\w)({names})(?!\w)", text)
    return [(part, pages[part] if number % 2 else "") for number, part in enumerate(parts) if part]


def _requested(visit: Visit) -> Requested:
    user = visit.tenant.user_by_name(visit.param("person")) if visit.param("person") else None
    scopes = [part for text in visit.request.query_params.getlist("scopes") for part in text.split()]
    other = visit.tenant.user_by_name(visit.param("other")) if visit.param("other") else None
    given = "person" if other else "before" if visit.param("before") else "nothing"
    compare = visit.param("compare") or given
    return Requested(
        str(user["id"]) if user else "",
        visit.param("client"),
        visit.param("api"),
        tuple(dict.fromkeys(scopes)),
        compare if compare in dict(COMPARED) else given,
        str(other["id"]) if other else "",
        visit.param("before") or _newest(visit),
        visit.param("kind", *dict(_KINDS)),
    )


def _newest(visit: Visit) -> str:
    """Return the moment that is compared with where none is named: before the portal's last change."""
    snapshots = visit.held.emulator.snapshots
    if snapshots.last is not None:
        return LAST
    return next((one.name for one in reversed(snapshots.kept())), BEGINNING)


def _party(visit: Visit, app_id: str) -> Party | None:
    return parties.find_party(visit.held.service.directory, visit.tenant, app_id) if app_id else None


def _name(visit: Visit, user_id: str) -> str:
    row = visit.tenant.users.get(user_id) if user_id else None
    return name_of(row) if row else "The client itself"


def _with(rows: list[dict[str, Any]], more: dict[str, Any] | None) -> list[dict[str, Any]]:
    return rows if more is None or more in rows else [more, *rows]


def _is_api(row: Row) -> bool:
    return bool(row["api"]["oauth2PermissionScopes"] or row["appRoles"])


def _labelled(visit: Visit, row: Row) -> str:
    by = labels.declared_by(visit, row)
    return f"{name_of(row)} · {by.source}" if by else name_of(row)
