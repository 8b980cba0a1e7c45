"""Rules about applications that an outsider can act as, and about the identity that applies."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.checks import trust
from entra_config.checks.grants import GrantView
from entra_config.checks.rule import Finding, found, rule
from entra_config.checks.tenant import TenantView
from entra_config.claimants import created
from entra_config.errors import Position
from entra_config.kinds.base import enterprise_address
from entra_config.kinds.directory import Live
from entra_config.manifest.model import Manifest
from entra_config.phrase import Phrase
from entra_config.plan.model import Watched


@rule(
    "withhold",
    "{client} is granted nothing new at {resource}: {why}",
    remedy="{remedy}",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads., allowedMemberTypes: [User, Application]}}
    web: {type: web, displayName: Web}
hand:
  - POST: "/applications/{web.id}/owners/$ref"
    body: {"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{mallory.id}"}
edit:
  applications: {web: {apiPermissions: {api: {application: [Reader], adminConsent: true}}}}
""",
)
def client_doubted(view: GrantView, _: object) -> Iterator[Finding]:
    """Find a grant to a client that an outsider may be able to act as."""
    if (doubt := view.doubts.get(view.grant.client)) is not None:
        yield _distrust(view, doubt)


@rule(
    "withhold",
    "{resource} gets no new holder or client: {why}, and {who} holds a role of it undeclared",
    remedy="{remedy}",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads., allowedMemberTypes: [User, Application]}}
    web: {type: web, displayName: Web}
hand:
  - {POST: /applications, body: {displayName: Partner}, as: partner}
  - {POST: /servicePrincipals, body: {appId: "{partner.appId}"}, as: client}
  - POST: "/servicePrincipals/{api.principal}/appRoleAssignedTo"
    body:
      principalId: "{client.id}"
      resourceId: "{api.principal}"
      appRoleId: "{role:p/dev/api/role/Reader}"
  - POST: "/applications/{api.id}/addPassword"
    body: {passwordCredential: {displayName: left}}
edit:
  appRoleAssignments: {api: {Reader: {users: [alice@contoso.com]}}}
""",
)
def api_doubted(view: GrantView, _: object) -> Iterator[Finding]:
    """Find a grant at an API that an outsider may be able to act as, and whose roles external applications
    hold.
    """
    doubt = view.doubts.get(view.grant.resource)
    if view.grant.type != "ownership" and doubt is not None and doubt.external:
        yield _distrust(view, doubt, ", ".join(doubt.external))


def _distrust(view: GrantView, doubt: trust.Doubt, who: str = "") -> Finding:
    return found(
        doubt.key,
        _position(view.manifest, doubt.key),
        client=view.grant.client,
        resource=view.grant.resource,
        why=doubt.why,
        who=who,
        remedy=doubt.remedy,
    )


@rule(
    "withhold",
    "the service principal of {key} stays deleted, and its roles and consents with it: {why}",
    remedy="{remedy}; `--purge-deleted` makes a new one without them",
    example="""\
manifest:
  applications: {web: {type: web, displayName: Web}}
hand:
  - {POST: "/applications/{web.id}/addPassword", body: {passwordCredential: {displayName: left}}}
  - {DELETE: "/applications/{web.id}"}
  - {POST: "/directory/deletedItems/{web.id}/restore"}
""",
)
def principal_stays_deleted(view: TenantView, key: str) -> Iterator[Finding]:
    """Find a deleted service principal of a doubted application: a restore would bring back its roles and
    consents.
    """
    doubt = view.doubts[key]
    values = {"key": key, "why": doubt.why, "remedy": doubt.remedy}
    place = enterprise_address(key), _position(view.manifest, key)
    yield Finding(values, *place, facts={"deleted": True})


def staying_deleted(view: TenantView) -> list[str]:
    """Return the keys whose service principal stays deleted; none where nothing will be granted."""
    return [] if view.trusting else sorted(trust.kept_deleted(view.directory, view.doubts))


def doubted(view: TenantView) -> Iterator[tuple[trust.Doubt, tuple[Watched, ...]]]:
    """Yield each doubted application, with what is undeclared of it and this plan does not remove."""
    undeclared = trust.watched(view.manifest, view.directory)
    for key, doubt in view.doubts.items():
        yield doubt, tuple(each for each in undeclared.get(key, ()) if not each.going)


@rule(
    "notice",
    "{key} {why}; {created}; {remedy}",
    example="""\
manifest:
  applications: {web: {type: web, displayName: Web}}
hand:
  - POST: "/applications/{web.id}/owners/$ref"
    body: {"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{mallory.id}"}
""",
)
def credential_undeclared(
    view: TenantView, item: tuple[trust.Doubt, tuple[Watched, ...]]
) -> Iterator[Finding]:
    """Find undeclared owners, secrets, certificates and federated credentials that this plan does not remove,
    and in a protected environment also an application that nothing proves to be ours.
    """
    doubt, entries = item
    if entries or view.manifest.protected:
        body = view.directory.live[doubt.key].subject.application or {}
        head = Phrase.of("has undeclared items: ", doubt.why)
        yield found(
            doubt.key,
            _position(view.manifest, doubt.key),
            facts={"watched": entries},
            why=f"is doubted: {trust.UNPROVEN}" if doubt.why == trust.UNPROVEN else head,
            created=created(body, view.directory.names),
            remedy=doubt.remedy,
        )


@rule(
    "refuse",
    "{key} is the identity that applies this manifest: it does not change itself",
    example="""\
manifest:
  applications: {web: {type: web, displayName: Web}}
edit:
  enterpriseApplications: {writer: {displayName: Emulator deployer, assignmentRequired: true}}
""",
)
def own_identity(view: TenantView, live: Live) -> Iterator[Finding]:
    """Find an application of the manifest that is the signed-in identity, or a deployer, itself. An external
    application that only has or gives roles is not changed.
    """
    key, principal = live.subject.key, live.subject.service_principal
    external = view.manifest.enterprise_applications.get(key)
    changed = external is not None and bool(external.settings or external.owners is not None)
    selves = view.directory.deployers | {view.signed_in}
    if principal and principal["id"] in selves and (changed or not live.subject.others):
        yield found(key, _position(view.manifest, key))


def _position(manifest: Manifest, key: str) -> Position | None:
    declared = manifest.applications.get(key) or manifest.enterprise_applications.get(key)
    return declared.position if declared else None
