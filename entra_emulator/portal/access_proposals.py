"""Changes of members, assignments and consents, as they are asked about."""

from entra_emulator.login.parties import DEFAULT_ROLE
from entra_emulator.portal import effects
from entra_emulator.portal.consent_proposals import EVERYBODY
from entra_emulator.portal.holders import role_name
from entra_emulator.portal.objects import name_of, named
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
    group_of,
    groups,
    people,
    person_of,
    principal_of,
    row_of,
)
from entra_emulator.portal.visit import Visit


def take_out(visit: Visit, given: Given) -> Proposal:
    """Take somebody out of a group."""
    group, member = row_of(visit, "groups", given, "group"), principal_of(visit, given, "member")
    who, where = name_of(member), name_of(group)
    if str(member["id"]) not in visit.tenant.members.targets(str(group["id"])):
        raise NotThereError(f"{who} is not in {where}.")
    lost, kept = effects.without_group(visit, member, group)
    return Proposal(
        f"Take {who} out of {where}?",
        "Take out",
        "Keep in",
        "DELETE",
        f"groups/{group['id']}/members/{member['id']}/$ref",
        visit.path("groups", str(group["id"])),
        lost=lost,
        kept=kept,
        note=DRIFT,
        inverse=("put-in", {"group": str(group["id"]), "person": str(member["id"])}),
    )


def put_in(visit: Visit, given: Given) -> Proposal:
    """Put somebody into a group."""
    person = person_of(visit, given, "person")
    if person is not None and not given.get("group"):
        return _incomplete(
            visit, f"Put {name_of(person)} into which group?", groups(visit, "group", "Group"), person
        )
    group = group_of(visit, given, "group")
    if group is None:
        raise NotThereError("There is no such group any more.")
    gives = effects.gives(visit, group)
    target = f"{visit.held.door.origin}/v1.0/directoryObjects/{person['id']}" if person else ""
    return Proposal(
        f"Put {name_of(person)} into {name_of(group)}?" if person else f"Put whom into {name_of(group)}?",
        "Put in",
        "Leave it",
        "POST",
        f"groups/{group['id']}/members/$ref",
        visit.path("groups", str(group["id"])),
        {"@odata.id": target},
        gained=gives if person else (),
        note=DRIFT,
        inputs=() if person else (people(visit, "person", "Person: UPN or object id"),),
        look="main",
        inverse=("take-out", {"group": str(group["id"]), "member": str(person["id"]) if person else ""}),
    )


def take_away(visit: Visit, given: Given) -> Proposal:
    """Take a role away from whoever it is assigned to."""
    row = row_of(visit, "appRoleAssignments", given, "assignment")
    holder, role, resource = effects.words_of_assignment(visit, row)
    lost, kept = effects.without_assignment(visit, row)
    names = {"resource": "resourceId", "role": "appRoleId", "holder": "principalId"}
    form = {name: str(row[key]) for name, key in names.items()}
    assignable = form["role"] in dict(_roles(visit.tenant.service_principals.get(form["resource"])))
    return Proposal(
        f"Take {role} at {resource} away from {holder}?",
        "Take away",
        "Keep it",
        "DELETE",
        f"servicePrincipals/{row['resourceId']}/appRoleAssignedTo/{row['id']}",
        visit.path("enterprise", str(row["resourceId"])),
        lost=lost,
        kept=kept,
        note=DRIFT,
        inverse=("assign", form) if assignable else None,
    )


def assign(visit: Visit, given: Given) -> Proposal:
    """Give a role to a person or a group."""
    holder = person_of(visit, given, "holder")
    if holder is not None and not given.get("resource"):
        choice = applications(visit, "resource", "Application: name or client id")
        return _incomplete(visit, f"Give {name_of(holder)} a role at which application?", choice, holder)
    resource = application_of(visit, given, "resource")
    if resource is None:
        raise NotThereError("There is no such application any more.")
    roles = _roles(resource)
    role = next((name for role_id, name in roles if role_id == given.get("role")), "")
    body = {
        "principalId": holder["id"] if holder else "",
        "resourceId": resource["id"],
        "appRoleId": given.get("role"),
    }
    missing = (
        *(() if role else (Input("role", "Role", roles),)),
        *(() if holder else (people(visit, "holder", "Person or group: UPN, name or object id"),)),
    )
    what, whom = role or "which role", name_of(holder) if holder else "whom"
    question = f"Give {what} at {name_of(resource)} to {whom}?"
    return Proposal(
        question,
        "Give",
        "Leave it",
        "POST",
        f"servicePrincipals/{resource['id']}/appRoleAssignedTo",
        visit.path("enterprise", str(resource["id"])),
        body,
        gained=effects.reached(visit, holder, role) if holder and role else (),
        note=DRIFT,
        inputs=missing,
        look="main",
        inverse=("take-away", {"assignment": MADE}),
    )


def _roles(resource: Row | None) -> tuple[tuple[str, str], ...]:
    """Return the roles of an application that Graph assigns: enabled ones, else the default access."""
    if resource is None:
        return ()
    enabled = [str(role["id"]) for role in resource["appRoles"] if role.get("isEnabled")]
    return tuple((role, role_name(resource, role)) for role in enabled or (DEFAULT_ROLE,))


def _incomplete(visit: Visit, question: str, choice: Input, holder: Row) -> Proposal:
    """Ask where first."""
    back = named(visit, str(holder["id"])).address
    return Proposal(question, "", "Leave it", "POST", "", back, inputs=(choice,), look="main")


def withdraw(visit: Visit, given: Given) -> Proposal:
    """Withdraw a consent, or some of its scopes."""
    row = row_of(visit, "oauth2PermissionGrants", given, "grant")
    tenant = visit.tenant
    client, resource = (tenant.service_principals.get(str(row[each])) for each in ("clientId", "resourceId"))
    held = str(row.get("scope") or "").split()
    named_scopes = given.get("scopes", "").split() or held
    scopes = " ".join(scope for scope in held if scope in named_scopes)
    staying = " ".join(scope for scope in held if scope not in named_scopes)
    api = name_of(resource) if resource else "a removed API"
    form = {
        "client": str(row["clientId"]),
        "api": str(row["resourceId"]),
        "who": str(row.get("principalId") or EVERYBODY),
        "scopes": scopes,
    }
    return Proposal(
        f"Withdraw {scopes} from {name_of(client) if client else 'a removed client'}?",
        "Withdraw",
        "Keep it",
        "PATCH" if staying else "DELETE",
        f"oauth2PermissionGrants/{row['id']}",
        visit.path("grants"),
        {"scope": staying} if staying else None,
        lost=(f"It gets no token with {scopes} of {api} by this consent.",),
        kept=(
            *((f"{staying}, which stays.",) if staying else ()),
            "Tokens that were handed out last until they end; what the API authorizes itself stays.",
        ),
        note=DRIFT,
        inverse=("consent", form) if client and resource and scopes else None,
    )
