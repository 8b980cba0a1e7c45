"""A manifest, or the steps of a plan, in; the levels of permissions that carry it out, with what each could
be abused for, out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from entra_config.graph import privileges
from entra_config.graph.privileges import (
    ASSIGN,
    GRANT,
    READ_AUDIT,
    READ_DIRECTORY,
    READ_POLICIES,
    READ_RECOMMENDATIONS,
    WRITE_ALL,
    WRITE_OWNED,
)
from entra_config.graph.request import Request
from entra_config.kinds.details import ENTERPRISE_OWNERS, OWNERS
from entra_config.kinds.directory import Directory
from entra_config.kinds.table import TRACES
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Plan, Update, address_of

# Reached by its owner, where the permission is for one's own; an assignment or a consent is no part of its
# object.
_OBJECT = re.compile(r"/(applications|servicePrincipals|directory/deletedItems)/([^/?]+)(?!.*/appRoleAssign)")
DELETED = "directory/deletedItems"
CUSTOM_ROLE = "microsoft.directory/servicePrincipals/appRoleAssignedTo/update"


@dataclass(frozen=True, slots=True)
class PermissionLevel:
    """One level of permissions: what they allow this tool to do, and what an administrator does by hand."""

    name: str
    permissions: tuple[str, ...]
    allows: str
    manual: str = ""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a manifest or a plan asks for, as far as permissions tell it apart; `others`: what the identity
    does not own.

    `secrets`: some have a life, which `credentials rotate` gives them.
    """

    writes: bool = True
    others: bool = False
    assigns: bool = False
    grants: bool = False
    secrets: bool = False


def of_manifest(manifest: Manifest) -> Needs:
    """Return what the whole of a manifest needs: to give what it lists, and to take away what it lists
    nobody for.
    """
    applications = manifest.applications.values()
    permissions = [each for application in applications for each in application.api_permissions.values()]
    enterprises = [
        application.enterprise for application in applications if application.enterprise is not None
    ]
    external = manifest.enterprise_applications.values()
    return Needs(
        writes=bool(manifest.applications or manifest.removed or any(each.settings for each in external)),
        others=any(each.owners is not None for each in applications)
        or any(each.owners is not None for each in enterprises)
        or any(each.app_id and not each.locked for each in applications)
        or any(each.settings or each.owners is not None for each in external),
        assigns=bool(manifest.assignments or manifest.listed or manifest.grants)
        or any(_managed(each.application, each.application_consent) for each in permissions),
        grants=any(_managed(each.delegated, each.delegated_consent) for each in permissions),
        secrets=any(each.rotating for each in applications),
    )


def of_plan(plan: Plan, manifest: Manifest) -> Needs:
    """Return what the steps of one plan need; others' enterprise applications are not its own, nor is what
    it does not own.
    """
    found = of_requests(step.request for step in plan.steps)
    later = {TRACES[address_of(change).kind].permission for change in plan.following}
    updates = [each for each in plan.changes if isinstance(each, Update)]
    external = any(each.after.address.key in manifest.enterprise_applications for each in updates)
    objects = [path for step in plan.steps if (path := _OBJECT.match(str(step.request.path)))]
    # Who owns a deleted object nobody can read.
    strange = any(path[1] == DELETED or path[2] in plan.unowned for path in objects)
    return Needs(
        found.writes,
        found.others or WRITE_ALL in later or strange or (found.writes and external),
        found.assigns or ASSIGN in later,
        found.grants or GRANT in later,
    )


def unowned(directory: Directory, signed_in: str) -> frozenset[str]:
    """Return the ids of the objects that the identity that applies does not own."""
    own = frozenset({signed_in}) if signed_in in directory.deployers else directory.deployers
    found: set[str] = set()
    for live in directory.live.values():
        for detail, body in (
            (OWNERS, live.subject.application),
            (ENTERPRISE_OWNERS, live.subject.service_principal),
        ):
            if body is not None and not own & {owner.id for owner in live.rows(detail)}:
                found.add(str(body["id"]))
    return frozenset(found)


def of_requests(requests: Iterable[Request]) -> Needs:
    """Return what requests need that touch nothing but what the identity owns."""
    names = {name for request in requests for name in privileges.of(request)}
    return Needs(bool(names & {WRITE_OWNED, WRITE_ALL}), WRITE_ALL in names, ASSIGN in names, GRANT in names)


def _managed(requested: Collection[str], consented: frozenset[str] | None) -> bool:
    return consented is not None and bool(requested or consented)


def reading() -> PermissionLevel:
    """Return what plan, access and list need."""
    return PermissionLevel(
        "read",
        (READ_DIRECTORY,),
        (
            "plan, access, list, lock, import, doctor --pipeline: reads applications, people and "
            "groups, writes nothing"
        ),
    )


def foreseeing() -> PermissionLevel:
    """Return what plan needs besides to say what the tenant will refuse."""
    allows = "plan: what the tenant's policies will refuse, before apply; without it that is `unknown`"
    return PermissionLevel("preflight", (READ_POLICIES, READ_DIRECTORY), allows)


def watching() -> PermissionLevel:
    """Return what drift needs besides."""
    return PermissionLevel(
        "drift",
        (READ_AUDIT, READ_DIRECTORY),
        "drift: who changed what, and when (else `unknown`); credentials: last uses",
    )


def linting() -> PermissionLevel:
    """Return what `lint --live` needs to leave nothing unread."""
    what = (
        "what people may register and consent to, owners' second factors, last use, Microsoft's "
        "recommendations"
    )
    return PermissionLevel(
        "lint",
        (READ_AUDIT, READ_DIRECTORY, READ_POLICIES, READ_RECOMMENDATIONS),
        f"lint --live: {what}; what is not granted is said",
    )


def writing(needs: Needs) -> list[PermissionLevel]:
    """Return the levels from the least upwards; the last one needs no human."""
    base = (WRITE_ALL if needs.others else WRITE_OWNED, READ_DIRECTORY)
    levels = []
    by_hand = [
        *(["assignments of roles and consents to applications"] if needs.assigns else []),
        *(["tenant-wide consents"] if needs.grants else []),
    ]
    if needs.writes:
        reach = (
            "any registration of the tenant" if needs.others else "registrations that it owns, and no other"
        )
        left = f"a human applies the {' and the '.join(by_hand)}" if by_hand else ""
        levels.append(
            PermissionLevel("own registrations", base, f"creates, changes and deletes {reach}", left)
        )
    if needs.secrets:
        allows = (
            "credentials rotate, remove, adopt: makes and takes away secrets and certificates, and so can "
            "sign in as each of these"
        )
        levels.append(PermissionLevel("credentials", base, allows))
    if needs.assigns:
        allows = (
            f"assigns users and groups too, by a custom directory role with {CUSTOM_ROLE} (Entra ID P1), "
            "scoped to the API"
        )
        levels.append(
            PermissionLevel("custom role", base, allows, "a human consents to what clients request")
        )
    most = (
        *(base if needs.writes else (READ_DIRECTORY,)),
        *((ASSIGN,) if needs.assigns else ()),
        *((GRANT,) if needs.grants else ()),
    )
    if by_hand:
        levels.append(PermissionLevel("everything", most, "the whole, without a human"))
    return levels


def least(needs: Needs) -> list[str]:
    """Return exactly the permissions with which all of it passes."""
    levels = writing(needs)
    return privileges.minimal([*reading().permissions, *(levels[-1].permissions if levels else ())])


@dataclass(frozen=True, slots=True)
class Shared:
    """A deployer that serves more than one environment of a tenant."""

    deployer: str
    environments: tuple[str, ...]

    def __str__(self) -> str:
        """Say what follows."""
        return (
            f"{self.deployer} deploys {' and '.join(self.environments)}: whoever signs in as it for the "
            "one writes in the other; "
            "give each environment a writer of its own"
        )


def shared(manifests: Iterable[Manifest]) -> list[Shared]:
    """Return the deployers that serve more than one environment of one tenant."""
    serves: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for manifest in manifests:
        for named in manifest.deployers or ():
            name = named.name or named.id or ""
            serves.setdefault((manifest.tenant_id, name.casefold()), (name, []))[1].append(
                manifest.environment
            )
    return [
        Shared(name, tuple(environments)) for name, environments in serves.values() if len(environments) > 1
    ]


def names(levels: Sequence[PermissionLevel]) -> list[str]:
    """Return each permission of some levels once."""
    return list(dict.fromkeys(name for level in levels for name in level.permissions))
