"""Rules about what the tenant has and the manifest does not declare: reported, never touched.

What `ignoreChanges` leaves as others made it is reported where the manifest does not declare it:

ignored                                        reported
redirect URIs, identifier URIs, known clients  each
authorized clients                             each scope of each client
requested permissions                          each of them that is consented (`consent-undeclared`)
audience, flows and any other setting          its value
scopes and roles                               each; who holds one is reported by the plan of holders
owners, credentials, federated credentials     each, and the application is doubted (`trust`)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from entra_config.checks import trust
from entra_config.checks.rule import Finding, found, rule
from entra_config.checks.tenant import Own, TenantView
from entra_config.kinds import given
from entra_config.kinds.application import AUTHORIZED, KNOWN_CLIENTS
from entra_config.kinds.base import application_address, ignored, is_removed
from entra_config.kinds.consents import Held, held, unsaid
from entra_config.kinds.details import HOLDERS, RoleHolding
from entra_config.kinds.directory import Directory, Json, Live
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.entitlements import ROLES, SCOPES, ids
from entra_config.kinds.graph_values import at
from entra_config.kinds.role_names import live_roles, role_ids
from entra_config.manifest.model import Application, Manifest, RoleAssignees
from entra_config.manifest.parts import EmptyEntry
from entra_config.phrase import Person, Phrase
from entra_config.plan import values
from entra_config.plan.diff import holds
from entra_config.plan.model import Notice, Watched
from entra_config.properties import PROPERTIES, find
from entra_config.resource import Ref, resolve

ENABLED = "accountEnabled"
GRANTS, ASSIGNMENTS, ASSIGNED_TO = "oauth2PermissionGrants", "appRoleAssignments", "appRoleAssignedTo"
# The lists of which each entry that the manifest does not declare is reported by itself.
LISTS = tuple(row.path for row in PROPERTIES if row.noun and "application" in row.of)


@rule(
    "notice",
    "{key} has consent to '{names}' at {api}, which the manifest neither requests nor declares{way}",
    example="""\
manifest:
  applications: {web: {type: web, displayName: Web}}
hand:
  - {GET: "/servicePrincipals?$filter=displayName eq 'Microsoft Graph'", as: graph}
  - POST: /oauth2PermissionGrants
    body:
      clientId: "{web.principal}"
      resourceId: "{graph.id}"
      consentType: AllPrincipals
      scope: Mail.Read
""",
)
def consent_undeclared(view: TenantView, own: Own) -> Iterator[Finding]:
    """Find a consent of an own application that the manifest neither requests nor declares, and nothing takes
    away.
    """
    permissions: dict[tuple[str, bool], list[Held]] = defaultdict(list)
    beside = (each for each in held(view.manifest, view.directory, own.live) if each.verdict == "watched")
    for each in (*beside, *unsaid(view.manifest, view.directory, own.live)):
        # Where the API itself goes, there is nothing left to declare.
        if not is_removed(view.manifest, each.api):
            permissions[each.api, each.unsaid].append(each)
    for (api, left), entries in permissions.items():
        names = " ".join(sorted(each.permission for each in entries))
        stays = "; `ignoreChanges` lets it stay"
        way = stays if left else ": list it under `apiPermissions` to manage it"
        watched = tuple(_consent(own.live, each) for each in entries)
        yield found(*own.place, facts={"watched": watched}, names=names, api=api, way=way)


def _consent(live: Live, each: Held) -> Watched:
    principal = str((live.subject.service_principal or {}).get("id", ""))
    label, entry, resource = f"{each.permission} of {each.api}", each.entry, each.entry.resource
    # Two APIs may offer the same scope, and a copied one has the same ids of roles.
    if isinstance(entry, RoleHolding):
        watched = watch_role("consent", label, entry.role, resource, principal)
        return replace(watched, key=f"{entry.role}/{resource}", path=ASSIGNMENTS)
    watched = watch_scope("consent", label, each.permission, resource, principal)
    return replace(watched, key=f"{each.permission}/{resource}")


def watch_role(noun: str, label: str, role: str, resource: str, principal: str) -> Watched:
    """Return what drift watches of a role that somebody holds."""
    ends = {"resource": resource, "role": role, "principal": principal}
    return Watched(noun, label, f"{role}/{principal}", ASSIGNED_TO, (resource, principal), ends=ends)


def watch_scope(noun: str, label: str, scope: str, resource: str, client: str) -> Watched:
    """Return what drift watches of a tenant-wide consent."""
    ends = {"resource": resource, "client": client, "scope": scope}
    return Watched(noun, label, f"{scope}/{client}", GRANTS, (resource, client), ends=ends)


@rule(
    "notice",
    "{who} hold roles of {key}, and `appRoleAssignments` does not list it: list who should hold what, "
    "write `{key}: {{}}` for nobody, or `{key}: unmanaged`",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads.}}
hand:
  - POST: "/servicePrincipals/{api.principal}/appRoleAssignedTo"
    body:
      principalId: "{alice.id}"
      resourceId: "{api.principal}"
      appRoleId: "{role:p/dev/api/role/Reader}"
""",
)
def holders_undeclared(view: TenantView, own: Own) -> Iterator[Finding]:
    """Find users and groups that hold roles of an application, while the manifest does not declare who
    should.
    """
    if own.key in view.manifest.listed or own.key in view.manifest.unmanaged:
        return
    roles = live_roles(view.directory, own.key)
    rows = [row for row in own.live.rows(HOLDERS) if not row.by_service_principal]
    if rows and roles:
        watched = tuple(_holder(row, roles) for row in rows)
        yield found(*own.place, facts={"watched": watched}, who=_counted(rows))


@rule(
    "notice",
    "'{who}' ({id}) holds {names} of {api}, which `grants` does not list: list it, or `absent: "
    "[{names}]` takes it away",
    example="""\
before:
  - {POST: /applications, body: {displayName: Identity}, as: identity}
  - {POST: /servicePrincipals, body: {appId: "{identity.appId}"}, as: principal}
manifest:
  environments: {dev: {policy: {consent: {Microsoft Graph: {application: [User.Read.All]}}}}}
  applications: {web: {type: web, displayName: Web}}
  grants: {Identity: {Microsoft Graph: {application: [User.Read.All]}}}
edit:
  grants: {Identity: {Microsoft Graph: {application: [], absent: [Group.Read.All]}}}
""",
)
def role_beside_grants(_: TenantView, holder: given.Grantee) -> Iterator[Finding]:
    """Find a role that a principal of `grants` holds at an API, and that no line of `grants` lists."""
    rows = given.beside(holder)
    if rows:
        yield found(
            holder.api.name,
            holder.given.position,
            facts={"watched": tuple(_given(holder, row) for row in rows)},
            who=holder.who.name,
            id=holder.who.id,
            names=", ".join(sorted(holder.role(row.role) for row in rows)),
            api=holder.api.called,
        )


def _given(holder: given.Grantee, row: RoleHolding) -> Watched:
    label = f"{holder.role(row.role)} of {holder.who.name} ({holder.who.id})"
    return watch_role("undeclared holder", label, row.role, row.resource, row.principal)


@rule(
    "notice",
    "{key} is disabled: nobody can sign in as {key} or to {key}. `entra-config enable {key}` enables "
    "it again, `enterpriseApplication: {{ enabled: false }}` declares that it is disabled",
    example="""\
manifest:
  applications: {web: {type: web, displayName: Web}}
hand:
  - {PATCH: "/servicePrincipals/{web.principal}", body: {accountEnabled: false}}
""",
)
def disabled(_: TenantView, own: Own) -> Iterator[Finding]:
    """Find a disabled application of which the manifest does not declare whether it is enabled."""
    principal, enterprise = own.live.subject.service_principal, own.declared.enterprise
    declared = enterprise is not None and ENABLED in enterprise.settings
    if (
        principal is None
        or principal.get(ENABLED) is not False
        or principal.get("deletedDateTime")
        or declared
    ):
        return
    id_, registration = str(principal["id"]), own.live.subject.application or {}
    # What a call did to the registration tells of the principal that mirrors it.
    ends = {"object": id_, "registration": str(registration.get("id", ""))}
    watched = Watched("setting", f"{ENABLED}: false", ENABLED, ENABLED, (id_,), ends=ends, live=False)
    yield found(*own.place, facts={"watched": (watched,)})


@rule(
    "notice",
    "the registration of {key} is disabled, in every tenant: nobody can sign in as {key} or to {key}. "
    "`entra-config enable {key}` enables it again, `properties: {{ {property}: true }}` declares that it "
    "is disabled",
    example="""\
manifest:
  applications: {web: {type: web, displayName: Web}}
hand:
  - {PATCH: "/applications/{web.id}", body: {isDisabled: true}}
""",
)
def registration_disabled(_: TenantView, own: Own) -> Iterator[Finding]:
    """Find a registration that is disabled in every tenant, while neither its enterprise application
    nor the manifest says so too.
    """
    subject = own.live.subject
    watched = trust.disabled(own.declared, own.live) if not subject.deleted else ()
    # `disable` writes both, and of the other it is told, or said.
    if watched and (subject.service_principal or {}).get(ENABLED) is not False:
        yield found(*own.place, facts={"watched": watched}, property=trust.DISABLED)


@rule(
    "notice",
    EmptyEntry.MESSAGE,
    example="""\
manifest:
  applications: {web: {type: web, displayName: Web}}
edit:
  lists: {services: {}}
  applications: {"${service}": {each: {service: services}, type: web, displayName: "${service}"}}
""",
)
def list_empty(_: TenantView, empty: EmptyEntry) -> Iterator[Finding]:
    """Find an entry with `each` that makes nothing, because its list is empty."""
    yield Finding({"entry": empty.key}, None, empty.position)


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


@rule(
    "notice",
    "{type} {name} keeps {role}: additive never takes away",
    example="""\
before:
  - POST: /applications
    as: app
    body:
      displayName: HR
      appRoles:
        - id: 0aaaaaaa-0000-4000-8000-000000000001
          value: Reader
          displayName: Reader
          description: Reads.
          isEnabled: true
          allowedMemberTypes: [User]
  - {POST: /servicePrincipals, body: {appId: "{app.appId}"}}
manifest:
  enterpriseApplications: {hr: HR}
  appRoleAssignments: {hr: {Reader: {groups: [Audit], additive: true}}}
destroy: true
""",
)
def holder_stays(view: TenantView, role: RoleAssignees) -> Iterator[Finding]:
    """Find a holder of an additive role that stays when the environment is destroyed."""
    if role.fate == "left":
        for type_, name in _holding(view.manifest, view.directory, role, set()):
            says = {"type": type_, "name": name, "role": f"{role.application}/{role.role}"}
            yield Finding(says, None, role.position)


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
    return watch_role("assignment", label, row.role, row.resource, row.principal)


def _counted(rows: Iterable[RoleHolding]) -> str:
    types = [row.principal_type for row in rows]
    counts = [(types.count("Group"), "group"), (types.count("User"), "user")]
    return " and ".join(f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts if number)


@rule(
    "notice",
    "{key} has the {noun} {labels}, which the manifest does not say; `ignoreChanges` lets it stay",
    example="""\
manifest:
  applications: {web: {type: web, displayName: Web, ignoreChanges: [redirectUris]}}
hand:
  - PATCH: "/applications/{web.id}"
    body: {web: {redirectUris: ["https://other.example.com/"]}}
""",
)
def ignored_property(view: TenantView, own: Own) -> Iterator[Finding]:
    """Find an ignored property with a value that the manifest does not declare."""
    body = own.live.subject.application
    if body is None or not own.declared.ignore_changes:
        return
    for path in _paths(own.declared, body):
        watched = tuple(dict.fromkeys(_beside(view.manifest, own.declared, body, path, view.directory)))
        if watched:
            noun = watched[0].noun + ("s" if len(watched) > 1 else "")
            labels = ", ".join(each.label for each in watched)
            yield found(*own.place, facts={"watched": watched}, noun=noun, labels=labels)


def _paths(application: Application, body: Json) -> Iterator[str]:
    leaves = (leaf for path in application.ignore_changes for leaf in _leaves(application, body, path))
    every = dict.fromkeys((*application.settings, *LISTS, *leaves))
    for path in every:
        row = find(path)
        if not row.elsewhere and row.risk != "text" and ignored(application, path):
            yield path


def _leaves(application: Application, body: Json, path: str) -> Iterator[str]:
    """Yield what an ignored property holds by its own paths; what is declared as a whole stays whole."""
    value = at(body, path)
    if isinstance(value, Mapping) and path not in application.settings:
        for name in value:
            yield from _leaves(application, body, f"{path}.{name}")
    else:
        yield path


def _beside(
    manifest: Manifest, application: Application, body: Json, path: str, directory: Directory
) -> Iterator[Watched]:
    subjects = (str(body.get("id", "")),)
    actual = at(body, path)
    declared = (
        resolve(application.settings[path].value, _known(directory)) if path in application.settings else None
    )
    entries: Iterable[tuple[str, str]]
    if path == AUTHORIZED:
        entries = _authorized(manifest, application, body, directory)
    elif path in {SCOPES, ROLES}:
        entries = _entitlements(manifest, application, body, path)
    elif path in LISTS:
        keys = application.known_clients or () if path == KNOWN_CLIENTS else ()
        entry = find(path).entry
        wanted = {entry(item).casefold() for item in declared or ()} | {
            str(directory.apis[key].app_id) for key in keys
        }
        entries = (
            (item, directory.names.get(item, item))
            for item in map(entry, actual or ())
            if item.casefold() not in wanted
        )
    else:
        same = actual in (None, False, [], {}, "") or (declared is not None and holds(actual, declared))
        entries = () if same else ((path, f"{path}: {values.format_value(actual, path)}"),)
    yield from (
        Watched(find(path).noun or "setting", label, item, path, subjects, ends={"object": subjects[0]})
        for item, label in entries
    )


def _known(directory: Directory) -> Mapping[Ref, str]:
    return {
        Ref(application_address(key), "appId"): live.subject.application["appId"]
        for key, live in directory.live.items()
        if live.subject.application is not None
    }


def _authorized(
    manifest: Manifest, application: Application, body: Json, directory: Directory
) -> Iterator[tuple[str, str]]:
    known = ids(manifest, application, body).scopes
    ours = {
        str(directory.apis[key].app_id): labels
        for key, labels in application.authorized_clients.items()
        if key in directory.apis
    }
    authorized = (*ours.items(), *application.external_authorized_clients.items())
    wanted = {(app_id, known[label]) for app_id, labels in authorized for label in labels}
    for entry in at(body, AUTHORIZED) or ():
        app_id = entry["appId"]
        name = directory.names.get(app_id, "")
        for id_ in entry["delegatedPermissionIds"]:
            if (app_id, id_) not in wanted:
                client = f"{name} ({app_id})" if name else app_id
                yield f"{app_id}/{id_}", f"{client} for {directory.names.get(id_, id_)}"


def _entitlements(
    manifest: Manifest, application: Application, body: Json, path: str
) -> Iterator[tuple[str, str]]:
    known = ids(manifest, application, body)
    wanted = {*known.scopes.values()} if path == SCOPES else {*known.roles.values()}
    for entry in at(body, path) or ():
        if entry["id"] not in wanted:
            yield entry["id"], str(entry.get("value") or entry.get("displayName") or entry["id"])
