"""Rules about external applications that use what is ours: what they hold, and what they would lose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from entra_config import quoting
from entra_config.checks.rule import Finding, found, rule
from entra_config.checks.rules.undeclared import watch_role, watch_scope
from entra_config.checks.tenant import Own, TenantView
from entra_config.kinds.application import flat
from entra_config.kinds.base import is_removed
from entra_config.kinds.details import CONSENTS_TO_IT, REQUIRERS
from entra_config.kinds.directory import Live
from entra_config.kinds.external_holders import ExternalHolding, fully_declared, held
from entra_config.kinds.going import going, going_scopes
from entra_config.plan.model import Watched


@rule(
    "refuse",
    "{key} would lose {lost}, and {who}, which is undeclared, has consent to it{way}",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      scopes: {read: {displayName: Read, description: Reads., whoCanConsent: admins}}
    web: {type: web, displayName: Web, apiPermissions: {api: {delegated: [read]}}}
hand:
  - {POST: /applications, body: {displayName: Partner}, as: partner}
  - {POST: /servicePrincipals, body: {appId: "{partner.appId}"}, as: client}
  - POST: /oauth2PermissionGrants
    body: {clientId: "{client.id}", resourceId: "{api.principal}", consentType: AllPrincipals, scope: read}
edit:
  applications: {api: {scopes: {read: gone}}, web: {apiPermissions: gone}}
""",
)
def consent_ends(view: TenantView, live: Live) -> Iterator[Finding]:
    """Find an external application with tenant-wide consent to a scope that is being removed. An
    administrator decided on that consent, so it is taken back first. Where the complete application is
    removed, it is only reported.
    """
    gone, names = going_scopes(view.manifest, live.subject), view.directory.names
    for grant in live.rows(CONSENTS_TO_IT):
        scopes = gone & grant.scopes
        if scopes and grant.client not in view.own_principals and grant.everybody:
            yield _lost(
                view, live, scopes, f"'{names.get(grant.client, grant.client)}'", ": take that back first"
            )


@rule(
    "refuse",
    "{key} would lose {lost}, and {who}, which is undeclared, requires it{way}",
    word="used",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      scopes: {read: {displayName: Read, description: Reads., whoCanConsent: admins}}
    web: {type: web, displayName: Web, apiPermissions: {api: {delegated: [read]}}}
hand:
  - {POST: /applications, body: {displayName: Partner}, as: partner}
  - PATCH: "/applications/{partner.id}"
    body:
      requiredResourceAccess:
        - resourceAppId: "{api.appId}"
          resourceAccess: [{id: "{role:p/dev/api/scope/read}", type: Scope}]
edit:
  applications: {api: {scopes: {read: gone}}, web: {apiPermissions: gone}}
""",
)
def requirement_ends(view: TenantView, live: Live) -> Iterator[Finding]:
    """Find an external application that requires a scope or role that is being removed. Anybody who may
    register an application can write such a requirement, so a word lifts it.
    """
    gone = going(view.manifest, live.subject)
    for each in live.rows(REQUIRERS):
        names = {gone[access["id"]] for access in flat(each.required) if access["id"] in gone}
        if names and each.id not in view.own_registrations:
            yield _lost(
                view, live, names, f"'{each.name}' (appId {each.app_id})", ": take it out there first"
            )


def _lost(view: TenantView, live: Live, names: Iterable[str], who: str, way: str) -> Finding:
    key = live.subject.key
    if is_removed(view.manifest, key):
        position = view.manifest.removed[key].position
        return found(key, position, outcome="notice", lost=_listed(names), who=who, way="")
    return found(key, view.manifest.applications[key].position, lost=_listed(names), who=who, way=way)


@rule(
    "notice",
    "{key} loses {lost}: the consent of {users} to it in client '{client}' stays, and gives nothing any more",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      scopes: {read: {displayName: Read, description: Reads., whoCanConsent: admins}}
    web: {type: web, displayName: Web, apiPermissions: {api: {delegated: [read]}}}
hand:
  - {POST: /applications, body: {displayName: Partner}, as: partner}
  - POST: /oauth2PermissionGrants
    body:
      clientId: "{web.principal}"
      resourceId: "{api.principal}"
      consentType: Principal
      principalId: "{alice.id}"
      scope: read
edit:
  applications: {api: {scopes: {read: gone}}, web: {apiPermissions: gone}}
""",
)
def personal_consent_ends(view: TenantView, live: Live) -> Iterator[Finding]:
    """Find consents of single users to a scope that is being removed: they are never touched, and give
    nothing from then on.
    """
    if is_removed(view.manifest, live.subject.key):
        return
    gone, names = going_scopes(view.manifest, live.subject), view.directory.names
    people: dict[tuple[str, str], set[str]] = defaultdict(set)
    for grant in live.rows(CONSENTS_TO_IT):
        scopes = gone & grant.scopes
        if scopes and not grant.everybody:
            client = view.own_principals.get(grant.client) or names.get(grant.client, grant.client)
            people[client, _listed(scopes)].add(grant.principal)
    position = view.manifest.applications[live.subject.key].position if people else None
    for (client, lost), users in sorted(people.items()):
        counted = "1 user" if len(users) == 1 else f"{len(users)} users"
        yield found(live.subject.key, position, lost=lost, users=counted, client=client)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


@rule(
    "notice",
    "'{name}' (appId {app_id}), which is undeclared, {what}: never touched; take it away, {list}or "
    "acknowledge it in the root file: `acknowledged: {{ {key}: [{entry}] }}`",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      scopes: {read: {displayName: Read, description: Reads., whoCanConsent: admins}}
    web: {type: web, displayName: Web, apiPermissions: {api: {delegated: [read]}}}
hand:
  - {POST: /applications, body: {displayName: Partner}, as: partner}
  - {POST: /servicePrincipals, body: {appId: "{partner.appId}"}, as: client}
  - POST: /oauth2PermissionGrants
    body: {clientId: "{client.id}", resourceId: "{api.principal}", consentType: AllPrincipals, scope: read}
""",
)
def external_holder(view: TenantView, own: Own) -> Iterator[Finding]:
    """Find an external application that holds a role or a tenant-wide consent of an own application, while
    the manifest does not acknowledge it. Roles and scopes that this plan removes are reported as its changes.
    """
    manifest, directory, subject = view.manifest, view.directory, own.live.subject
    known = manifest.acknowledged_at(own.key, view.now)
    gone = set() if view.trusting else {*going(manifest, subject), *going_scopes(manifest, subject)}
    gone |= fully_declared(manifest, directory, own.key)
    by_client: dict[str, list[ExternalHolding]] = defaultdict(list)
    for each in held(directory, own.key, own.live):
        app_id = directory.app_ids.get(each.client, "")
        if (each.role or each.permission) not in gone and (app_id, each.type, each.permission) not in known:
            by_client[each.client].append(each)
    for client, entries in sorted(by_client.items(), key=lambda item: (item[1][0].name, item[0])):
        app_id = directory.app_ids.get(client, "")
        # Its key may have left the manifest, or an attacker may have set the tags: reports show the tags.
        tagged = f", tagged as managed by {manifest.owner}" if app_id in directory.tagged else ""
        yield _holding(own, app_id, tagged, entries)


def _holding(own: Own, app_id: str, tagged: str, entries: list[ExternalHolding]) -> Finding:
    names = {
        type_: sorted(each.permission for each in entries if each.type == type_)
        for type_ in ("application", "delegated")
    }
    roles, scopes = map(", ".join, names.values())
    held_roles = f"holds {roles} of {own.key}" if roles else ""
    held_scopes = f"acts for everybody at {own.key} ({scopes})" if scopes else ""
    # Nobody checks what a consent lists: a scope may be written so as to acknowledge more than it is.
    listed = ", ".join(
        f"{type_}: [{', '.join(map(quoting.yaml, held))}]" for type_, held in names.items() if held
    )
    return found(
        *own.place,
        facts={"watched": tuple(_watched(each, app_id, tagged) for each in entries)},
        name=entries[0].name,
        app_id=f"{app_id or 'unknown'}{tagged}",
        what=" and ".join(filter(None, (held_roles, held_scopes))),
        list="list it under `servicePrincipals` of the role, " if roles else "",
        entry=f"{{ id: {app_id or 'APPID'}, {listed} }}",
    )


def _watched(each: ExternalHolding, app_id: str, tagged: str) -> Watched:
    label = f"{each.permission} of {each.name} ({app_id or each.client}{tagged})"
    if each.type == "application":
        return watch_role("undeclared holder", label, each.role, each.resource, each.client)
    return watch_scope("undeclared consent", label, each.permission, each.resource, each.client)
