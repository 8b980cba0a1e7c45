"""A consent as it is asked about: scopes of an API for a client, for everybody or for one person."""

from typing import Any

from entra_emulator.portal.objects import name_of
from entra_emulator.portal.proposal import (
    DRIFT,
    MADE,
    Given,
    Input,
    NotThereError,
    Proposal,
    Row,
    application_of,
    applications,
    people,
)
from entra_emulator.portal.visit import Visit

EVERYBODY = "everybody"
# Of an API with more scopes, such as Microsoft Graph, they are typed.
_BOXES = 40


def consent(visit: Visit, given: Given) -> Proposal:
    """Consent to scopes, by Graph: a new grant, or more scopes in the one that is there."""
    client, api = application_of(visit, given, "client"), application_of(visit, given, "api")
    who = given.get("who", "").strip()
    if client is None or api is None:
        fields = (("client", "Client: name or client id"), ("api", "API: name or client id"))
        missing = [applications(visit, name, words) for name, words in fields if not given.get(name)]
        return _incomplete(visit, "Consent to what, for which client?", *missing)
    person = None if who.casefold() in ("", EVERYBODY) else visit.tenant.user_by_name(who)
    if who and person is None and who.casefold() != EVERYBODY:
        raise NotThereError(f"There is nobody {who} in {visit.tenant.display_name}.", "who")
    scopes = given.get("scopes", "").split()
    if not who or not scopes:
        return _incomplete(
            visit,
            f"Let {name_of(client)} act at {name_of(api)} for whom, with which scopes?",
            *([] if who else [people(visit, "who", "For everybody, or for a person: UPN", EVERYBODY)]),
            *([] if scopes else [_scopes(visit, client, api)]),
        )
    return _proposed(visit, client, api, person, scopes)


def _proposed(visit: Visit, client: Row, api: Row, person: Row | None, scopes: list[str]) -> Proposal:
    before = _grant(visit, client, api, person)
    held = str(before.get("scope") or "").split() if before else []
    new = [scope for scope in dict.fromkeys(scopes) if scope not in held]
    if not new:
        raise NotThereError(f"{name_of(client)} has that consent already.")
    whom, text = name_of(person) if person else EVERYBODY, " ".join([*held, *new])
    offered = {str(each.get("value")) for each in api["oauth2PermissionScopes"]}
    unknown = [scope for scope in new if scope not in offered]
    body: dict[str, Any] = {"scope": text}
    if before is None:
        body |= {
            "clientId": client["id"],
            "consentType": "Principal" if person else "AllPrincipals",
            "principalId": person["id"] if person else None,
            "resourceId": api["id"],
        }
    return Proposal(
        f"Let {name_of(client)} act for {whom} at {name_of(api)} with {' '.join(new)}?",
        "Consent",
        "Leave it",
        "POST" if before is None else "PATCH",
        "oauth2PermissionGrants" if before is None else f"oauth2PermissionGrants/{before['id']}",
        visit.path("enterprise", str(client["id"])),
        body,
        gained=(
            f"{name_of(client)} gets tokens for {name_of(api)} with {' '.join(new)}; {whom} is not asked.",
            *(f"{scope} is no scope of {name_of(api)}: it gives nothing." for scope in unknown),
        ),
        kept=(f"{' '.join(held)}, which it has already.",) if held else (),
        note=DRIFT,
        look="main",
        made="grants" if before is None else "",
        inverse=(
            "withdraw",
            {"grant": MADE} if before is None else {"grant": str(before["id"]), "scopes": " ".join(new)},
        ),
    )


def _incomplete(visit: Visit, question: str, *missing: Input) -> Proposal:
    return Proposal(question, "", "Leave it", "POST", "", visit.path("grants"), inputs=missing, look="main")


def _grant(visit: Visit, client: Row, api: Row, person: Row | None) -> Row | None:
    rows = visit.tenant.oauth2_permission_grants.find("clientId", str(client["id"]))
    wanted = person["id"] if person else None
    return next(
        (row for row in rows if (row["resourceId"], row.get("principalId")) == (api["id"], wanted)), None
    )


def _scopes(visit: Visit, client: Row, api: Row) -> Input:
    """Return a field for scopes; it begins with what the client asks for by its registration."""
    offered = {str(each["id"]): str(each.get("value")) for each in api["oauth2PermissionScopes"]}
    app = visit.tenant.application_by_app_id(str(client["appId"]))
    every = app["requiredResourceAccess"] if app else ()
    entries = [one for one in every if one["resourceAppId"] == api["appId"]]
    requested = [offered.get(each["id"], "") for one in entries for each in one["resourceAccess"]]
    known, value = tuple(dict.fromkeys(offered.values())), " ".join(filter(None, requested))
    if 0 < len(known) <= _BOXES:
        return Input("scopes", "Scopes", known=known, value=value, boxes=True)
    return Input("scopes", "Scopes, with spaces between them", known=known, value=value)
