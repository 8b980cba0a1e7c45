"""What our applications hold that the manifest neither requests nor declares, and what others were given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from entra_config.checks.rules import undeclared
from entra_config.errors import Position
from entra_config.kinds.base import application_address
from entra_config.kinds.details import CONSENTS, HOLDINGS, DelegatedConsent, RoleHolding
from entra_config.kinds.directory import Live, Principal, Subject
from entra_config.manifest.model import Given, Named
from entra_config.manifest.policy import Removed
from entra_config.plan.model import Notice, Watched
from tests.unit.checks import ruled
from tests.unit.kinds.clients import DIRECTORY, HR, JOB, THERE, client, manifest, required

PAGE = Position("access.yaml", 2, 1)


def holds(role: str, resource: str = "sp-hr", who: str = "sp-job") -> RoleHolding:
    """Return that an application holds a role."""
    return RoleHolding(role, role, who, "ServicePrincipal", who, resource, "HR")


def grant(scope: str, resource: str = "sp-hr") -> DelegatedConsent:
    """Return a consent for everybody."""
    return DelegatedConsent("g", "sp-job", resource, True, "", scope)


def of_role(role: str, name: str) -> Watched:
    """Return what drift watches of a role."""
    ends = {"resource": "sp-hr", "role": role, "principal": "sp-job"}
    return Watched(
        "consent", f"{name} of hr", f"{role}/sp-hr", "appRoleAssignments", ("sp-hr", "sp-job"), ends=ends
    )


def of_scope(scope: str, resource: str = "sp-hr", api: str = "hr") -> Watched:
    """Return what drift watches of a scope."""
    ends = {"resource": resource, "client": "sp-job", "scope": scope}
    key, path = f"{scope}/{resource}", "oauth2PermissionGrants"
    return Watched("consent", f"{scope} of {api}", key, path, (resource, "sp-job"), ends=ends)


def notice(names: str, api: str, way: str, *watched: Watched) -> Notice:
    """Return the warning."""
    message = f"job has consent to '{names}' at {api}, which the manifest neither requests nor declares{way}"
    return Notice(message, application_address(JOB), THERE, watched)


LIST = ": list it under `apiPermissions` to manage it"
STAYS = "; `ignoreChanges` lets it stay"


def reading(*requested: Any, scopes: tuple[DelegatedConsent, ...], roles: tuple[RoleHolding, ...]) -> Any:
    """Return the tenant, where the client holds this."""
    live = Live(client(JOB, *requested).subject, {CONSENTS: scopes, HOLDINGS: roles})
    return replace(DIRECTORY, live={**DIRECTORY.live, JOB: live, "bare": Live(Subject("bare"))})


def test_what_nobody_requested() -> None:
    """API by API, in the order of their names; nothing of an API that goes."""
    directory = reading(
        scopes=(grant("write use all"), grant("x", "sp-x"), grant("y", "sp-gone")),
        roles=(holds("r2"), holds("r1"), holds("r9")),
    )
    directory = replace(directory, own_principals={**directory.own_principals, "sp-gone": "gone"})
    declared = manifest(api_permissions={"hr": HR})
    removed = {"gone": Removed("gone", destroy=True)}
    assert ruled.of_tenant(undeclared.consent_undeclared, replace(declared, removed=removed), directory) == [
        notice(
            "Write all r9 write",
            "hr",
            LIST,
            of_scope("all"),
            of_scope("write"),
            of_role("r2", "Write"),
            of_role("r9", "r9"),
        ),
        notice("x", "sp-x", LIST, of_scope("x", "sp-x", "sp-x")),
    ]


def test_what_ignored_changes_let_stay() -> None:
    """It is told apart from what may be listed."""
    directory = reading(
        required("app-hr", ("r2", "Role")), scopes=(grant("use"), grant("all")), roles=(holds("r2"),)
    )
    directory = replace(directory, app_ids={"sp-hr": "app-hr"})
    declared = manifest(api_permissions={"hr": HR}, ignore_changes=("requiredResourceAccess",))
    assert ruled.of_tenant(undeclared.consent_undeclared, declared, directory) == [
        notice("all", "hr", LIST, of_scope("all")),
        notice("Write", "hr", STAYS, of_role("r2", "Write")),
    ]


GIVEN = Given(Named("ext"), "hr", ("Read",), ("Absent",), PAGE)
EXTERNAL = replace(
    DIRECTORY,
    principals={("servicePrincipal", "ext"): Principal("e1", "Ext", "servicePrincipal")},
    holdings={"e1": (holds("r2", who="e1"), holds("r1", who="e1"), holds("r0", who="e1"))},
)


def test_what_applications_of_others_hold_beside_what_they_are_given() -> None:
    """Nothing says it: it is listed, or taken away."""
    message = (
        "'Ext' (e1) holds Write, r0 of hr \"HR Suite\", which `grants` does not list: list it, or "
        "`absent: [Write, r0]` takes it away"
    )
    watched = tuple(
        Watched(
            "undeclared holder",
            f"{name} of Ext (e1)",
            f"{role}/e1",
            "appRoleAssignedTo",
            ("sp-hr", "e1"),
            ends={"resource": "sp-hr", "role": role, "principal": "e1"},
        )
        for role, name in (("r2", "Write"), ("r0", "r0"))
    )
    declared = replace(manifest(), grants=(GIVEN,))
    assert ruled.of_tenant(undeclared.role_beside_grants, declared, EXTERNAL) == [
        Notice(message, application_address("hr"), PAGE, watched)
    ]
    all_given = replace(GIVEN, application=("Read", "Write", "r0"))
    assert ruled.of_tenant(
        undeclared.role_beside_grants, replace(manifest(), grants=(all_given, GIVEN)), EXTERNAL
    ) == [Notice(message, application_address("hr"), PAGE, watched)]


def test_what_left_the_grants_is_held_still() -> None:
    """Until the manifest says that it goes; a principal that another line names at that API has not left."""
    deployed = replace(manifest(), grants=(replace(GIVEN, application=("Write", "Read", "Nowhere")),))
    message = (
        "'Ext' was taken out of `grants` and holds Read, Write of hr \"HR Suite\" still: only `absent` takes "
        "away"
    )
    assert list(undeclared.ungranted(manifest(), deployed, EXTERNAL)) == [Notice(message, None, PAGE)]
    assert list(undeclared.ungranted(replace(manifest(), grants=(GIVEN,)), deployed, EXTERNAL)) == []
    taken = replace(manifest(), grants=(replace(GIVEN, application=(), absent=("Read",)),))
    assert list(undeclared.ungranted(manifest(), taken, EXTERNAL)) == []
