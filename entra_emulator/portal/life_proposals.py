"""Beginnings and ends of objects, as they are asked about: registered, deleted, restored, gone for good."""

from typing import Any

from entra_emulator.portal import effects, parked
from entra_emulator.portal.objects import name_of
from entra_emulator.portal.proposal import (
    DRIFT,
    MADE,
    Given,
    Input,
    NotThereError,
    Proposal,
    Request,
    Row,
    row_of,
)
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count
from entra_emulator.presets import PRESETS

_AUDIENCES = (
    ("AzureADMyOrg", "This tenant only"),
    ("AzureADMultipleOrgs", "Any tenant"),
    ("AzureADandPersonalMicrosoftAccount", "Any tenant, and personal accounts"),
)
_UNMARKED = "No configuration tool manages it, until one imports it."
_THIRTY = "It can be restored for 30 days of the emulator’s clock."


def register(visit: Visit, given: Given) -> Proposal:
    """Register an application."""
    name, audience = given.get("name", "").strip(), given.get("audience", "")
    preset = PRESETS.get(given.get("preset", ""))
    if not name or audience not in dict(_AUDIENCES) or preset is None:
        tools = tuple((tool, one.about) for tool, one in PRESETS.items())
        fields = (
            Input("name", "Name"),
            Input("audience", "Who signs in", _AUDIENCES),
            Input("preset", "As made by", tools),
        )
        back = visit.path("registrations")
        return Proposal("Register what?", "", "Leave it", "POST", "", back, inputs=fields, look="main")
    body = {"displayName": name, **preset.application, "signInAudience": audience}
    own, without = Request("POST", "applications", body), "It has no enterprise application yet."
    half = Request("POST", "servicePrincipals", {"appId": MADE, **(preset.principal or {})})
    last = own if preset.principal is None else half
    return Proposal(
        f"Register {name}?",
        "Register",
        "Leave it",
        *last[:2],
        visit.path("registrations"),
        last.body,
        gained=(
            f"{visit.actor.name} owns it. "
            + (without if last is own else "The second request makes its enterprise application."),
        ),
        note=_UNMARKED,
        preset=preset,
        first=None if last is own else own,
        look="main",
        made="registrations",
        inverse=("delete", {"application": MADE}),
    )


def add_principal(visit: Visit, given: Given) -> Proposal:
    """Make the enterprise application of a registration."""
    app = row_of(visit, "applications", given, "application")
    return Proposal(
        f"Make an enterprise application of {name_of(app)}?",
        "Make",
        "Leave it",
        "POST",
        "servicePrincipals",
        visit.path("registrations", str(app["id"])),
        {"appId": app["appId"]},
        gained=("People sign in to it, and its roles can be assigned.",),
        note=DRIFT,
        look="main",
        made="enterprise",
        inverse=("delete-principal", {"principal": MADE}),
    )


def delete(visit: Visit, given: Given) -> Proposal:
    """Delete a registration."""
    app = row_of(visit, "applications", given, "application")
    lost = effects.without_application(visit, app)
    path, back = f"applications/{app['id']}", visit.path("registrations")
    return _deletion(f"Delete {name_of(app)}?", path, back, lost=lost, kept=(_THIRTY,), restored=app)


def delete_principal(visit: Visit, given: Given) -> Proposal:
    """Delete an enterprise application."""
    row = row_of(visit, "servicePrincipals", given, "principal")
    kept = ("Its registration stays.",) if visit.tenant.application_by_app_id(str(row["appId"])) else ()
    question = f"Delete the enterprise application {name_of(row)}?"
    lost = effects.without_principal(visit, row)
    path, back = f"servicePrincipals/{row['id']}", visit.path("enterprise")
    return _deletion(question, path, back, lost=lost, kept=(*kept, _THIRTY), restored=row)


def delete_user(visit: Visit, given: Given) -> Proposal:
    """Delete a person."""
    row = row_of(visit, "users", given, "user")
    lost = effects.without_person(visit, row)
    path, back = f"users/{row['id']}", visit.path("users")
    return _deletion(f"Delete {name_of(row)}?", path, back, lost=lost, kept=(_THIRTY,), restored=row)


def delete_group(visit: Visit, given: Given) -> Proposal:
    """Delete a group; most cannot be restored."""
    row = row_of(visit, "groups", given, "group")
    lost, kept = effects.without_members(visit, row)
    soft = "Unified" in row["groupTypes"] or visit.held.emulator.faults.plan.groups_soft_delete
    end = _THIRTY if soft else "A security group cannot be restored: it is gone for good, with its members."
    lost, kept = (lost, (*kept, end)) if soft else ((*lost, end), kept)
    path, back = f"groups/{row['id']}", visit.path("groups")
    return _deletion(
        f"Delete {name_of(row)}?", path, back, lost=lost, kept=kept, restored=row if soft else None
    )


def restore(visit: Visit, given: Given) -> Proposal:
    """Restore what was deleted."""
    row = _parked(visit, given)
    other = parked.other_half(visit, row)
    half = other if other is not None and parked.comes_with(row, other) else None
    found = [effects.restored(visit, one) for one in (row, half) if one is not None]
    own = Request("POST", f"directory/deletedItems/{row['id']}/restore", {})
    last = own if half is None else own._replace(path=f"directory/deletedItems/{half['id']}/restore")
    note = "" if other is None else f"{name_of(other)} was deleted too, and is restored by itself."
    page, deletion, name = _TYPES[str(row["_type"])]
    return Proposal(
        f"Restore {name_of(row)}?",
        "Restore",
        "Leave it",
        *last[:2],
        visit.path("deleted", str(row["id"])),
        last.body,
        gained=tuple(line for gained, _ in found for line in gained),
        lost=tuple(line for _, lost in found for line in lost),
        note=note if half is None else "The second request restores its enterprise application.",
        first=None if half is None else own,
        look="main",
        made=page,
        inverse=(deletion, {name: str(row["id"])}),
    )


def purge(visit: Visit, given: Given) -> Proposal:
    """Delete for good what was deleted already."""
    row = _parked(visit, given)
    number, back = len(list(parked.returning(visit, row))), visit.path("deleted")
    links = count(number, "role or consent", "roles and consents") + " that went with it: lost."
    lost = ("Nothing brings it back.", *([links] if number else []))
    path = f"directory/deletedItems/{row['id']}"
    names = ("Its names are free again.",)
    return _deletion(f"Delete {name_of(row)} for good?", path, back, lost=lost, kept=names, note="")


# By type: the page of an object, and the change that deletes it with the name in its form.
_TYPES = {
    "application": ("registrations", "delete", "application"),
    "servicePrincipal": ("enterprise", "delete-principal", "principal"),
    "group": ("groups", "delete-group", "group"),
    "user": ("users", "delete-user", "user"),
}


def _deletion(
    question: str,
    path: str,
    back: str,
    *,
    lost: tuple[str, ...],
    kept: tuple[str, ...],
    restored: Row | None = None,
    note: str = DRIFT,
) -> Proposal:
    """Ask about a deletion; `restored` is the row that a restore brings back, None if none does."""
    return Proposal(
        question, "Delete", "Keep it", "DELETE", path, back, lost=lost, kept=kept, note=note,
        inverse=("restore", {"object": str(restored["id"])}) if restored else None,
    )  # fmt: skip


def _parked(visit: Visit, given: Given) -> dict[str, Any]:
    row = row_of(visit, "deletedItems", given, "object")
    if parked.is_over(visit, row):
        raise NotThereError(f"The 30 days of {name_of(row)} are over: it is gone for good.")
    return row
