"""A manifest and a tenant in; what is held by ours, and of ours, beside the manifest, out: watched, never
touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from entra_config.checks import trust
from entra_config.kinds import given
from entra_config.kinds.base import application_address, is_removed
from entra_config.kinds.consents import Held, held, unsaid
from entra_config.kinds.details import HOLDERS, RoleHolding
from entra_config.kinds.directory import Directory, Live
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.role_names import live_roles, role_ids
from entra_config.manifest.model import Manifest, RoleAssignees
from entra_config.phrase import Person, Phrase
from entra_config.plan.model import Notice, Watched

ENABLED = "accountEnabled"
GRANTS, ASSIGNMENTS, ASSIGNED_TO = "oauth2PermissionGrants", "appRoleAssignments", "appRoleAssignedTo"


def consents(manifest: Manifest, directory: Directory) -> Iterator[Notice]:
    """Yield a warning for what each of our applications holds, neither requested nor declared, and nothing
    takes away.
    """
    for key, application in manifest.applications.items():
        live = directory.live.get(key)
        if live is None:
            continue
        found: dict[tuple[str, bool], list[Held]] = defaultdict(list)
        beside = (each for each in held(manifest, directory, live) if each.verdict == "watched")
        for each in (*beside, *unsaid(manifest, directory, live)):
            # Where the API itself goes, there is nothing left to declare.
            if not is_removed(manifest, each.api):
                found[each.api, each.unsaid].append(each)
        for (api, left), permissions in found.items():
            names = " ".join(sorted(each.permission for each in permissions))
            way = (
                "; `ignoreChanges` lets it stay" if left else ": list it under `apiPermissions` to manage it"
            )
            message = (
                f"{key} has consent to '{names}' at {api}, which the manifest neither requests nor "
                f"declares{way}"
            )
            watched = tuple(_consent(live, each) for each in permissions)
            yield Notice(message, application_address(key), application.position, watched)


def _consent(live: Live, each: Held) -> Watched:
    principal = str((live.subject.service_principal or {}).get("id", ""))
    entry, resource = each.entry, each.entry.resource
    if isinstance(entry, RoleHolding):
        path, what = ASSIGNMENTS, entry.role
        ends = {"resource": resource, "role": what, "principal": principal}
    else:
        path, what = GRANTS, each.permission
        ends = {"resource": resource, "client": principal, "scope": what}
    # Two APIs may offer the same scope, and a copied one has the same ids of roles.
    key = f"{what}/{resource}"
    return Watched("consent", f"{each.permission} of {each.api}", key, path, (resource, principal), ends=ends)


def holders(manifest: Manifest, directory: Directory) -> Iterator[Notice]:
    """Yield a warning for each application that offers roles and that people hold, while the manifest does
    not say who should.
    """
    for key, application in manifest.applications.items():
        live = directory.live.get(key)
        if live is None or key in manifest.listed or key in manifest.unmanaged:
            continue
        roles = live_roles(directory, key)
        rows = [row for row in live.rows(HOLDERS) if not row.by_service_principal]
        if not rows or not roles:
            continue
        who = _counted(rows)
        message = (
            f"{who} hold roles of {key}, and `appRoleAssignments` does not list it: list who should hold "
            "what, write "
            f"`{key}: {{}}` for nobody, or `{key}: unmanaged`"
        )
        watched = tuple(_holder(row, roles) for row in rows)
        yield Notice(message, application_address(key), application.position, watched)


def given_beside(manifest: Manifest, directory: Directory) -> Iterator[Notice]:
    """Yield a warning for what principals of `grants` hold at its APIs and no line of it says, or says any
    more.
    """
    for holder in given.holders(manifest, directory):
        rows = given.beside(holder)
        if not rows:
            continue
        names, api = ", ".join(sorted(holder.role(row.role) for row in rows)), holder.api.called
        message = (
            f"'{holder.who.name}' ({holder.who.id}) holds {names} of {api}, which `grants` does not list: "
            "list it, or "
            f"`absent: [{names}]` takes it away"
        )
        watched = tuple(_given(holder, row) for row in rows)
        yield Notice(message, application_address(holder.api.name), holder.given.position, watched)


def _given(holder: given.Grantee, row: RoleHolding) -> Watched:
    label = f"{holder.role(row.role)} of {holder.who.name} ({holder.who.id})"
    ends = {"resource": row.resource, "role": row.role, "principal": row.principal}
    subjects = (row.resource, row.principal)
    return Watched("foreign holder", label, f"{row.role}/{row.principal}", ASSIGNED_TO, subjects, ends=ends)


def stopped(manifest: Manifest, directory: Directory) -> Iterator[Notice]:
    """Yield a warning for each application that somebody switched off, while the manifest does not say
    whether it is.
    """
    for key, application in manifest.applications.items():
        live = directory.live.get(key)
        if live is None or live.subject.service_principal is None:
            continue
        principal, registration = live.subject.service_principal, live.subject.application or {}
        declared = application.enterprise is not None and ENABLED in application.enterprise.settings
        if declared or principal.get(ENABLED) is not False or principal.get("deletedDateTime"):
            continue
        message = (
            f"{key} is disabled: whoever signs in as it or to it is refused. `entra-config enable {key}` "
            "lets it go on, "
            "`enterpriseApplication: { enabled: false }` says that it is meant"
        )
        subjects = (str(principal["id"]),)
        watched = Watched(
            "setting",
            f"{ENABLED}: false",
            ENABLED,
            ENABLED,
            subjects,
            # What a call did to the registration tells of the principal that mirrors it.
            ends={"object": subjects[0], "registration": str(registration.get("id", ""))},
            live=False,
        )
        yield Notice(message, application_address(key), application.position, (watched,))


def switched_off(manifest: Manifest, directory: Directory) -> Iterator[Notice]:
    """Yield a warning for each registration that somebody switched off in every tenant, while neither its
    enterprise application nor the manifest says so too.
    """
    for key, application in manifest.applications.items():
        live = directory.live.get(key)
        watched = trust.disabled(application, live) if live is not None and not live.subject.deleted else ()
        if not watched or live is None:
            continue
        if (live.subject.service_principal or {}).get(ENABLED) is False:
            # `disable` writes both, and of the other it is told, or said.
            continue
        message = (
            f"the registration of {key} is disabled, in every tenant: whoever signs in as it or to it is "
            f"refused. `entra-config enable {key}` lets it go on, `properties: {{ {trust.DISABLED}: true }}` "
            "says that it is meant"
        )
        yield Notice(message, application_address(key), application.position, watched)


def left(manifest: Manifest, deployed: Manifest, directory: Directory) -> Iterator[Notice]:
    """Yield a warning for each name that was taken out of an additive role since it was deployed and that
    holds it still.
    """
    for place, before in deployed.assignments.items():
        now = manifest.assignments.get(place)
        live = directory.live.get(place[0])
        if not before.additive or live is None or (now is not None and not now.additive):
            continue
        stay = {each.name.casefold() for each in (*now.users, *now.groups)} if now is not None else set()
        for type_, name in _holding(deployed, directory, before, stay):
            taken = f" was taken out of {'/'.join(place)} and holds it still: additive never takes away"
            yield Notice(Phrase.of(f"{type_} ", name, taken), None, before.position)


def ungranted(manifest: Manifest, deployed: Manifest, directory: Directory) -> Iterator[Notice]:
    """Yield a warning for each principal that left `grants` with an API since it was deployed, and holds
    roles there still.
    """
    staying = {(each.named.name, each.resource) for each in manifest.grants}
    for holder in given.holders(deployed, directory):
        names = sorted(name for name, _ in given.held(holder) if name in holder.given.application)
        place = (holder.given.named.name, holder.given.resource)
        if names and place not in staying:
            listed = ", ".join(names)
            message = (
                f"'{holder.who.name}' was taken out of `grants` and holds {listed} of "
                f"{holder.api.called} still"
            )
            yield Notice(f"{message}: only `absent` takes away", None, holder.given.position)


def staying(manifest: Manifest, directory: Directory) -> Iterator[Notice]:
    """Yield a warning for each holder of a role that stays when the environment is destroyed, as it was
    only added.
    """
    for place, each in manifest.assignments.items():
        for type_, name in _holding(manifest, directory, each, set()) if each.fate == "left" else ():
            yield Notice(
                Phrase.of(f"{type_} ", name, f" keeps {'/'.join(place)}: additive never takes away"),
                None,
                each.position,
            )


def _holding(
    manifest: Manifest, directory: Directory, role: RoleAssignees, but: AbstractSet[str]
) -> Iterator[tuple[str, Person | str]]:
    """Yield whoever of those that the manifest names holds a role, all but some by their names."""
    live = directory.live.get(role.application)
    id_ = role_ids(manifest, directory, role.application).get(role.role)
    rows = {row.principal for row in live.rows(HOLDERS) if row.role == id_} if live else set()
    for type_, named in (("user", role.users), ("group", role.groups)):
        for each in named:
            who = directory.principal(type_, each)
            if who is not None and who.id in rows and each.name.casefold() not in but:
                yield type_, Person(each.name, who.id) if type_ == "user" else each.name


def _holder(row: RoleHolding, roles: Mapping[str, Mapping[str, str]]) -> Watched:
    role = roles.get(row.role, {})
    name = (
        "default" if row.role == DEFAULT_ACCESS else role.get("value") or role.get("displayName") or row.role
    )
    who = Person(row.principal_name, row.principal) if row.principal_type == "User" else row.principal_name
    label = Phrase.of(f"{name} of {row.principal_type.lower()} ", who)
    ends = {"resource": row.resource, "role": row.role, "principal": row.principal}
    return Watched(
        "assignment",
        label,
        f"{row.role}/{row.principal}",
        ASSIGNED_TO,
        (row.resource, row.principal),
        ends=ends,
    )


def _counted(rows: Iterable[RoleHolding]) -> str:
    types = [row.principal_type for row in rows]
    counts = [(types.count("Group"), "group"), (types.count("User"), "user")]
    return " and ".join(f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts if number)
