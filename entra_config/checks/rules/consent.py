"""Rules about consents to APIs that are not the project's own: `policy.consent` must list each one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from entra_config.checks.dangers import Kind as DangerKind
from entra_config.checks.dangers import danger, tier_0
from entra_config.checks.grants import Consent, GrantView
from entra_config.checks.rule import Finding, rule
from entra_config.checks.tenant import TenantView, applications, holders
from entra_config.errors import Position
from entra_config.kinds import given
from entra_config.kinds.consents import held
from entra_config.manifest.parts import ApiPermission
from entra_config.plan.model import SkippedConsent

_SKIPPED = "consent to {api}/{permission} ({kind}) is skipped: "
# A name that YAML reads as it is.
_PLAIN = re.compile(r"[A-Za-z][\w .-]*")


@rule(
    "skip",
    _SKIPPED + "{why}",
    example="""\
before:
  - POST: /applications
    as: partner
    body:
      displayName: Partner API
      appRoles:
        - id: 0aaaaaaa-0000-4000-8000-000000000001
          value: Archive
          displayName: Archive
          description: Archives.
          isEnabled: true
          allowedMemberTypes: [Application]
  - {POST: /servicePrincipals, body: {appId: "{partner.appId}"}}
manifest:
  enterpriseApplications: {partner: Partner API}
  applications: {web: {type: web, displayName: Web}}
edit:
  applications: {web: {apiPermissions: {partner: {delegated: [Delete], adminConsent: true}}}}
""",
)
def permission_unknown(_: GrantView, consent: Consent) -> Iterator[Finding]:
    """Find a permission that the API does not have in this tenant."""
    if consent.permission not in consent.known:
        yield consent.skip(consent.api.without(consent.permission, consent.known))


@rule(
    "skip",
    _SKIPPED + "{why} has disabled this permission",
    example="""\
before:
  - POST: /applications
    as: partner
    body:
      displayName: Partner API
      appRoles:
        - id: 0aaaaaaa-0000-4000-8000-000000000001
          value: Archive
          displayName: Archive
          description: Archives.
          isEnabled: false
          allowedMemberTypes: [Application]
  - {POST: /servicePrincipals, body: {appId: "{partner.appId}"}}
manifest:
  enterpriseApplications: {partner: Partner API}
  applications: {job: {type: daemon, displayName: Job}}
edit:
  applications: {job: {apiPermissions: {partner: {application: [Archive], adminConsent: true}}}}
""",
)
def permission_disabled(_: GrantView, consent: Consent) -> Iterator[Finding]:
    """Find a permission that the API has disabled."""
    if consent.known.get(consent.permission) in consent.api.disabled:
        yield consent.skip(consent.api.name)


@rule(
    "skip",
    _SKIPPED + "{why}",
    example="""\
manifest:
  applications: {job: {type: daemon, displayName: Job}}
edit:
  applications: {job: {apiPermissions: {Microsoft Graph: {application: [User.Read.All], adminConsent: true}}}}
""",
)
def consent_unlisted(view: GrantView, consent: Consent) -> Iterator[Finding]:
    """Find a consent that `policy.consent` does not list for this API."""
    api, kind, permission = consent.api, consent.kind, consent.permission
    if view.consenting.allows(api.id, kind, permission):
        return
    reasons, reason = view.consenting.reasons, danger(permission, kind)
    why = reasons.get(api.name, "`policy.consent` of this environment does not list it")
    name = api.app_id if api.name in reasons or not _PLAIN.fullmatch(api.name) else api.name
    way = f". To allow it, add `{name}: {{ {kind}: [{permission}] }}` to `policy.consent`"
    if reason:
        way += f", and use `--allow dangerous`, because it {reason}"
    id_ = consent.known[permission]
    offer = SkippedConsent(consent.client, api.name, str(api.app_id), kind, permission, id_)
    yield consent.skip(why + way, offer)


@rule(
    "skip",
    _SKIPPED + "it {why}",
    word="dangerous",
    example="""\
manifest:
  environments: {dev: {policy: {consent: {Microsoft Graph: {application: [Mail.Read]}}}}}
  applications: {job: {type: daemon, displayName: Job}}
edit:
  applications: {job: {apiPermissions: {Microsoft Graph: {application: [Mail.Read], adminConsent: true}}}}
""",
)
def consent_dangerous(view: GrantView, consent: Consent) -> Iterator[Finding]:
    """Find a consent that gives control of the tenant or access to the data of everybody."""
    reason = danger(consent.permission, consent.kind)
    if reason is not None and "dangerous" not in view.allow:
        yield consent.skip(reason)


def held_already(view: TenantView) -> Iterator[tuple[str, str, DangerKind, str, Position | None]]:
    """Yield who has which declared permission of an external API already, and where that is declared."""
    for own in applications(view):
        for each in held(view.manifest, view.directory, own.live):
            api = view.directory.by_id.get(each.entry.resource)
            permission = own.declared.api_permissions.get(api.name) if api is not None else None
            if permission is not None and each.permission in _declared(permission, each.type):
                yield own.key, each.permission, each.type, each.api, permission.position
    for holder in holders(view):
        for name, _ in given.held(holder):
            if name in holder.given.application:
                yield holder.who.name, name, "application", holder.api.name, holder.given.position


@rule(
    "notice",
    "{who} has {api}/{permission} ({kind}) already, and so {reason}. A new consent to it would need "
    "`--allow dangerous`",
    example="""\
manifest:
  applications:
    job:
      type: daemon
      displayName: Job
      apiPermissions: {Microsoft Graph: {application: [RoleManagement.ReadWrite.Directory]}}
hand:
  - {GET: "/servicePrincipals?$filter=displayName eq 'Microsoft Graph'", as: graph}
  - POST: "/servicePrincipals/{graph.id}/appRoleAssignedTo"
    body:
      principalId: "{job.principal}"
      resourceId: "{graph.id}"
      appRoleId: 9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8
""",
)
def tier_0_held(
    view: TenantView, item: tuple[str, str, DangerKind, str, Position | None]
) -> Iterator[Finding]:
    """Find a declared permission that leads to Global Administrator and is granted already; it stays."""
    who, permission, kind, api, position = item
    if permission in tier_0() and "dangerous" not in view.manifest.policy.allow:
        values = {"who": who, "api": api, "permission": permission, "kind": kind}
        yield Finding({**values, "reason": danger(permission, kind)}, None, position)


def _declared(permission: ApiPermission, kind: DangerKind) -> Collection[str]:
    """Return the permissions of one kind that the manifest wants the client to have."""
    if kind == "delegated":
        requested, consented = permission.delegated, permission.delegated_consent
    else:
        requested, consented = permission.application, permission.application_consent
    return requested if consented is None else consented
