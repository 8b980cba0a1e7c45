"""Changes of owners, as they are asked about."""

from entra_emulator.portal.objects import name_of
from entra_emulator.portal.proposal import (
    DRIFT,
    Given,
    NotThereError,
    Proposal,
    Row,
    people,
    person_of,
    principal_of,
    row_of,
)
from entra_emulator.portal.visit import Visit

# What has owners: its page, and what an owner may do without a directory role.
_OWNED = {
    "applications": ("registrations", "change it and add a secret to it"),
    "servicePrincipals": ("enterprise", "change it and add a secret to it"),
    "groups": ("groups", "change its members"),
}


def add(visit: Visit, given: Given) -> Proposal:
    """Make a person or an application an owner."""
    kind, owned = _owned(visit, given)
    owner = person_of(visit, given, "owner")
    target = f"{visit.held.door.origin}/v1.0/directoryObjects/{owner['id']}" if owner else ""
    if owner and str(owner["id"]) in visit.tenant.owners.targets(str(owned["id"])):
        raise NotThereError(f"{name_of(owner)} owns {name_of(owned)} already.", "owner")
    whom = name_of(owner) if owner else "whom"
    page, power = _OWNED[kind]
    return Proposal(
        f"Make {whom} an owner of {name_of(owned)}?",
        "Make",
        "Leave it",
        "POST",
        f"{kind}/{owned['id']}/owners/$ref",
        visit.path(page, str(owned["id"])),
        {"@odata.id": target},
        gained=(f"{whom} can {power} without a directory role.",) if owner else (),
        note=DRIFT,
        inputs=() if owner else (people(visit, "owner", "Person or application: UPN or object id"),),
        look="main",
        inverse=("remove-owner", _form(kind, owned, owner)),
    )


def remove(visit: Visit, given: Given) -> Proposal:
    """Make somebody no owner any more."""
    kind, owned = _owned(visit, given)
    owner = principal_of(visit, given, "owner")
    owners = visit.tenant.owners.targets(str(owned["id"]))
    if str(owner["id"]) not in owners:
        raise NotThereError(f"{name_of(owner)} does not own {name_of(owned)}.")
    others = [
        name_of(principal_of(visit, {"owner": other}, "owner")) for other in owners if other != owner["id"]
    ]
    page, power = _OWNED[kind]
    return Proposal(
        f"Remove {name_of(owner)} as an owner of {name_of(owned)}?",
        "Remove",
        "Keep it",
        "DELETE",
        f"{kind}/{owned['id']}/owners/{owner['id']}/$ref",
        visit.path(page, str(owned["id"])),
        lost=(f"{name_of(owner)} can no longer {power}, unless a directory role allows it.",),
        kept=(f"Owned by {', '.join(others)}." if others else "Nobody owns it then.",),
        note=DRIFT,
        inverse=("add-owner", _form(kind, owned, owner)),
    )


def _owned(visit: Visit, given: Given) -> tuple[str, Row]:
    """Return the collection and the row of what a form names."""
    kind = given.get("kind", "")
    if kind not in _OWNED:
        raise NotThereError("Only applications and groups have owners.")
    return kind, row_of(visit, kind, given, "object")


def _form(kind: str, owned: Row, owner: Row | None) -> Given:
    return {"kind": kind, "object": str(owned["id"]), "owner": str(owner["id"]) if owner else ""}
