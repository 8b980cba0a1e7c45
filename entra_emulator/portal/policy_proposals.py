"""Changes of app management policies, as they are asked about: switched off and on, deleted."""

from entra_emulator.portal import policy_rows
from entra_emulator.portal.objects import name_of
from entra_emulator.portal.policies import address
from entra_emulator.portal.policy_rows import APPS, DEFAULT, ListedPolicy
from entra_emulator.portal.proposal import DRIFT, Given, NotThereError, Proposal
from entra_emulator.portal.visit import Visit


def switch(visit: Visit, given: Given, *, on: bool) -> Proposal:
    """Switch a policy on, or off."""
    policy = _policy(visit, given)
    name, verb = name_of(policy.row), "Enable" if on else "Disable"
    if bool(policy.row.get("isEnabled")) is on:
        raise NotThereError(f"{name} is {'enabled' if on else 'disabled'} already.")
    return Proposal(
        f"{verb} {name}?",
        verb,
        "Leave it",
        "PATCH",
        policy.path,
        address(visit, policy),
        {"isEnabled": on},
        lost=() if on else ("It refuses nothing from now on.",),
        gained=("What it says is refused, of applications that it holds for.",) if on else (),
        kept=("What it says, and what it holds for.",),
        note=DRIFT,
        look="main" if on else "destroys",
        inverse=("disable-policy" if on else "enable-policy", {"kind": policy.kind, "id": policy.id}),
    )


def delete(visit: Visit, given: Given) -> Proposal:
    """Delete a policy that somebody made."""
    policy = _policy(visit, given)
    if policy.built_in:
        raise NotThereError("Each tenant has this policy: it can be disabled.")
    held = len(visit.tenant.app_policies.sources(policy.id))
    return Proposal(
        f"Delete {name_of(policy.row)}?",
        "Delete",
        "Leave it",
        "DELETE",
        policy.path,
        visit.path("policies"),
        lost=(f"It holds for {held} {'object' if held == 1 else 'objects'}, and for none from now on.",),
        note=f"Graph keeps no deleted policy. {DRIFT}",
    )


def _policy(visit: Visit, given: Given) -> ListedPolicy:
    kind, wanted = given.get("kind", ""), given.get("id", "")
    for each in policy_rows.everything(visit.tenant):
        if each.kind in (APPS, DEFAULT) and (each.kind, each.id) == (kind, wanted):
            return each
    raise NotThereError("There is no such policy any more.")
