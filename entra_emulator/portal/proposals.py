"""All changes that the portal offers, by the word in the address; those of people are here."""

from collections.abc import Callable, Mapping
from functools import partial

from entra_emulator.portal import access_proposals as access
from entra_emulator.portal import application_proposals as application
from entra_emulator.portal import creation_proposals as creation
from entra_emulator.portal import life_proposals as life
from entra_emulator.portal import owner_proposals as owner
from entra_emulator.portal import policy_proposals as policy
from entra_emulator.portal.consent_proposals import consent
from entra_emulator.portal.objects import name_of
from entra_emulator.portal.proposal import DRIFT, Given, NotThereError, Proposal, row_of
from entra_emulator.portal.visit import Visit


def switch_user(visit: Visit, given: Given, *, on: bool) -> Proposal:
    """Enable a person, or disable one."""
    user = row_of(visit, "users", given, "user")
    if (user.get("accountEnabled") is not False) is on:
        raise NotThereError(f"{name_of(user)} is {'enabled' if on else 'disabled'} already.")
    verb = "Enable" if on else "Disable"
    return Proposal(
        f"{verb} {name_of(user)}?",
        verb,
        "Leave it",
        "PATCH",
        f"users/{user['id']}",
        visit.path("users", str(user["id"])),
        {"accountEnabled": on},
        lost=() if on else ("Each sign-in is refused with AADSTS50057.",),
        kept=("All roles and groups.",),
        note=DRIFT,
        look="main" if on else "destroys",
        inverse=("disable-user" if on else "enable-user", {"user": str(user["id"])}),
    )


PROPOSALS: Mapping[str, Callable[[Visit, Given], Proposal]] = {
    "take-out": access.take_out,
    "put-in": access.put_in,
    "take-away": access.take_away,
    "assign": access.assign,
    "add-secret": application.add_secret,
    "remove-secret": application.remove_secret,
    "add-certificate": application.add_certificate,
    "remove-certificate": application.remove_certificate,
    "add-federated": application.add_federated,
    "remove-federated": application.remove_federated,
    "add-uri": application.add_uri,
    "remove-uri": application.remove_uri,
    "withdraw": access.withdraw,
    "add-owner": owner.add,
    "remove-owner": owner.remove,
    "enable-user": partial(switch_user, on=True),
    "disable-user": partial(switch_user, on=False),
    "new-user": creation.new_user,
    "new-group": creation.new_group,
    "add-role": creation.add_role,
    "add-scope": creation.add_scope,
    "remove-role": partial(creation.remove, kind="role"),
    "remove-scope": partial(creation.remove, kind="scope"),
    "register": life.register,
    "add-principal": life.add_principal,
    "consent": consent,
    "delete": life.delete,
    "delete-principal": life.delete_principal,
    "delete-user": life.delete_user,
    "delete-group": life.delete_group,
    "restore": life.restore,
    "purge": life.purge,
    "enable-policy": partial(policy.switch, on=True),
    "disable-policy": partial(policy.switch, on=False),
    "delete-policy": policy.delete,
}
