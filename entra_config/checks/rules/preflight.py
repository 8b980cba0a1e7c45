"""Rules about what this tenant will refuse, because its administrators chose so.

chosen by                conflict
app management policies  a new identifier URI, another audience, a new certificate; an application that only
                         a secret, which is refused, lets sign in
authorizationPolicy      a person registers applications; people are to consent for themselves
directorySizeQuota       more is created than there is room for
subscribedSkus           a group is assigned, and there is no Entra ID P1

The tenant decides, so each is a warning; `strict` makes it a refusal. What was not read is reported once, as
unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from entra_config import uris
from entra_config.actual.found import Found
from entra_config.actual.policies import AUDIENCE
from entra_config.checks.certificates import self_issued
from entra_config.checks.changes import ChangesView, Made
from entra_config.checks.restrictions import NON_DEFAULT, UNIQUE, Restriction
from entra_config.checks.rule import Finding, rule
from entra_config.errors import Position
from entra_config.graph import catalogue
from entra_config.kinds.application_steps import REQUIRED
from entra_config.kinds.facts import AssignmentFacts
from entra_config.kinds.graph_values import at
from entra_config.kinds.identifier_uris import URIS, folded
from entra_config.kinds.secret_names import parse
from entra_config.manifest.model import Application
from entra_config.manifest.sections.microsoft import OPENID_SCOPES
from entra_config.moments import parse_moment
from entra_config.plan.model import Create, Update
from entra_config.resource import Ref, Resource, Text, Value

_AUDIENCES: Mapping[Value, tuple[str, ...]] = {
    "AzureADMultipleOrgs": ("azureAdMultipleOrgs",),
    "AzureADandPersonalMicrosoftAccount": ("azureAdMultipleOrgs", "personalMicrosoftAccount"),
    "PersonalMicrosoftAccount": ("personalMicrosoftAccount",),
}
# Service plans that let groups be assigned (licensing-service-plan-reference documentation).
PREMIUM = frozenset({"AAD_PREMIUM", "AAD_PREMIUM_P2"})
# Applications of these kinds prove who they are; all others need nothing to sign people in.
_CONFIDENTIAL = frozenset({"web", "daemon"})
# What refuses people is the sign-in page, AADSTS90094.
CONSENT = "Set `adminConsent: true` for these permissions, or ask an administrator to consent."
VERSION = "api.requestedAccessTokenVersion"
SIGN_ON = "preferredSingleSignOnMode"
# Where the appId of an application that is not there yet will stand.
_TO_COME = "<appId>"


def _conflict(
    view: ChangesView, after: Resource, position: Position | None = None, /, **values: object
) -> Finding:
    """Return a finding in the tenant's name, about a resource that is made."""
    return Finding(
        {"tenant": view.found.tenant.name, **values},
        after.parent if isinstance(after.facts, AssignmentFacts) else after.address,
        position or after.position,
        "refuse" if view.strict else None,
    )


@rule(
    "notice",
    "{tenant} refuses `{uri}` as an identifier URI{restriction.since}{restriction.unless}",
    remedy=catalogue.URI_POLICY.advice.replace("{", "{{").replace("}", "}}"),
    example="""\
choices:
  defaultAppManagementPolicy:
    applicationRestrictions: {identifierUris: {nonDefaultUriAddition: {state: enabled}}}
manifest:
  applications: {api: {type: api, displayName: API}}
edit:
  applications: {api: {identifierUris: ["https://contoso.com/api"]}}
""",
)
def uri_against_policy(view: ChangesView, made: Made) -> Iterator[Finding]:
    """Find a new identifier URI that the tenant's policy refuses."""
    if made.application is None:
        return
    app_id, tenant = str(made.body.get("appId") or _TO_COME), view.found.tenant.id
    live, after = folded(made.body.get(URIS) or ()), made.after
    parts = (made.held.of("identifierUris", part) for part in (UNIQUE, NON_DEFAULT))
    unique, default = (
        each if each is not None and _holds_for(each, made, made.application) else None for each in parts
    )
    for value in after.values.get(URIS) or ():
        uri = _fill_app_id(value, after, app_id)
        own = {f"api://{app_id}".casefold(), f"api://{tenant}/{app_id}".casefold()}
        restriction = (unique if not _names_us(uri, app_id, view.found) else None) or (
            default if uri.casefold() not in own else None
        )
        if restriction is not None and uri.casefold() not in live:
            position = after.positions.get(f"{URIS}.{value}") or after.positions.get(URIS)
            yield _conflict(view, after, position, uri=uri, restriction=restriction)


@rule(
    "notice",
    "{tenant} refuses `signInAudience: {audience}`{restriction.since}{restriction.unless}",
    remedy=catalogue.AUDIENCE_POLICY.advice,
    example="""\
choices:
  defaultAppManagementPolicy:
    applicationRestrictions: {audiences: {azureAdMultipleOrgs: {state: enabled}}}
manifest:
  applications: {api: {type: api, displayName: API}}
edit:
  applications: {api: {signInAudience: AzureADMultipleOrgs}}
""",
)
def audience_against_policy(view: ChangesView, made: Made) -> Iterator[Finding]:
    """Find an audience that the tenant's policy refuses."""
    audience = made.after.values.get(AUDIENCE)
    parts = () if audience == made.body.get(AUDIENCE) else _AUDIENCES.get(audience, ())
    found = (made.held.of("audiences", part) for part in parts)
    if made.application is not None and (restriction := next(filter(None, found), None)) is not None:
        position = made.after.positions.get(AUDIENCE)
        yield _conflict(view, made.after, position, audience=audience, restriction=restriction)


@rule(
    "notice",
    "{tenant} refuses certificate `{label}`{why}{restriction.since}{restriction.unless}",
    remedy="{advice}",
    example="""\
choices:
  defaultAppManagementPolicy:
    applicationRestrictions:
      keyCredentials: [{restrictionType: asymmetricKeyLifetime, maxLifetime: P30D, state: enabled}]
manifest:
  environments: {dev: {sinks: {job: {file: /run/secrets/job}}}}
edit:
  applications:
    job: {type: daemon, displayName: Job, certificates: {main: {generate: {in: job, lifetime: P90D}}}}
""",
)
def certificate_against_policy(view: ChangesView, made: Made) -> Iterator[Finding]:
    """Find a new certificate that lives longer than the tenant's policy lets it, or whose issuer the tenant
    does not trust. One that `credentials rotate` is to make names itself as its issuer.
    """
    if made.application is None:
        return
    limit = made.held.listed("keyCredentials", "asymmetricKeyLifetime")
    authority = made.held.listed("keyCredentials", "trustedCertificateAuthority")
    for label, position, lifetime, which, der in _new_certificates(view, made, made.application):
        why: list[tuple[Restriction, str, str]] = []
        longest = limit.longest if limit is not None else None
        if limit is not None and longest is not None and lifetime is not None and lifetime > longest:
            longer = f"{which} lives longer than {limit.body['maxLifetime']}"
            why.append((limit, longer, catalogue.LIFETIME_POLICY.advice))
        if authority is not None and (der is None or self_issued(der)):
            why.append((authority, f"{which} names itself as its issuer", catalogue.APP_POLICY.advice))
        elif authority is not None:
            issuer = " where its issuer is none of the authorities that it trusts"
            why.append((authority, issuer, catalogue.APP_POLICY.advice))
        for restriction, words, advice in why:
            values = {"why": words, "restriction": restriction, "advice": advice}
            yield _conflict(view, made.after, position, label=label, **values)


@rule(
    "notice",
    "{tenant} refuses a secret for {key}, which has no other credential"
    "{restriction.since}{restriction.unless}",
    remedy=catalogue.SECRET_POLICY.advice,
    example="""\
choices:
  defaultAppManagementPolicy:
    applicationRestrictions: {passwordCredentials: [{restrictionType: passwordAddition, state: enabled}]}
manifest: {}
edit:
  applications: {job: {type: daemon, displayName: Job}}
""",
)
def secret_against_policy(view: ChangesView, made: Made) -> Iterator[Finding]:
    """Find a new application that needs a credential, has none, and may not get a secret."""
    application = made.application
    if application is None or made.body or application.type not in _CONFIDENTIAL:
        return
    other = application.certificates or application.generated or application.federated_credentials
    restriction = made.held.listed("passwordCredentials", "passwordAddition")
    if not other and restriction is not None:
        values = {"key": application.key, "restriction": restriction}
        yield _conflict(view, made.after, application.position, **values)


@rule(
    "notice",
    "{tenant} does not allow users to consent, and {key} asks for {scopes} of {api}",
    remedy=CONSENT,
    example="""\
choices: {usersMayConsent: false}
manifest:
  applications: {web: {type: web, displayName: Web}}
edit:
  applications: {web: {apiPermissions: {Microsoft Graph: {delegated: [Mail.Read]}}}}
""",
)
def consent_by_people(view: ChangesView, made: Made) -> Iterator[Finding]:
    """Find permissions that people would have to consent to for themselves, and may not."""
    granted = (view.policies.user or {}).get("permissionGrantPoliciesAssigned")
    change, application = made.change, made.application
    asks = not isinstance(change, Update) or any(field.path == REQUIRED for field in change.fields)
    if application is None or granted is None or granted or not asks:
        return
    for permission in application.api_permissions.values():
        api = view.manifest.applications.get(permission.resource)
        authorized = api.authorized_clients.get(application.key, ()) if api is not None else ()
        consented = (permission.delegated_consent or frozenset()) | OPENID_SCOPES
        if left := set(permission.delegated).difference(consented, authorized):
            values = {"key": application.key, "scopes": ", ".join(sorted(left)), "api": permission.resource}
            yield _conflict(view, made.after, permission.position, **values)


@rule(
    "notice",
    "{tenant} has no licence that lets groups be assigned",
    remedy=catalogue.LICENCE.advice,
    example="""\
choices: {entraPlan: free}
manifest:
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads.}}
edit:
  appRoleAssignments: {api: {Reader: {groups: [Audit]}}}
""",
)
def group_unlicensed(view: ChangesView, made: Made) -> Iterator[Finding]:
    """Find a group that gets a role where the tenant has no licence for that."""
    facts, plans = made.after.facts, view.policies.plans
    to_group = isinstance(facts, AssignmentFacts) and facts.principal_type == "group"
    if to_group and isinstance(made.change, Create) and plans is not None and not plans & PREMIUM:
        yield _conflict(view, made.after)


@rule(
    "notice",
    "{tenant} lets nobody without a directory role register applications",
    remedy=catalogue.REGISTRATION.advice,
    example="""\
choices: {usersMayRegister: false}
manifest: {}
edit:
  applications: {web: {type: web, displayName: Web}}
by: bob@contoso.com
""",
)
def registration_refused(view: ChangesView, first: Resource) -> Iterator[Finding]:
    """Find that a person creates applications where the tenant lets only directory roles do so."""
    if view.found.person and (view.policies.user or {}).get("allowedToCreateApps") is False:
        yield _conflict(view, first)


@rule(
    "notice",
    "{tenant} has room for {room:,} objects of {total:,}, and {needed} are to be made",
    remedy=catalogue.QUOTA.advice,
    example="""\
choices: {objectQuota: 1}
manifest: {}
edit:
  applications: {web: {type: web, displayName: Web}}
""",
)
def quota_exceeded(view: ChangesView, first: Resource) -> Iterator[Finding]:
    """Find that more objects are created than the tenant has room for: each application and its service
    principal.
    """
    needed = 2 * len(view.created)
    used, total = view.policies.quota or (0, needed)
    if used + needed > total:
        yield _conflict(view, first, room=max(0, total - used), total=total, needed=needed)


@rule(
    "notice",
    "unknown before apply{what}",
    example="""\
manifest:
  applications: {web: {type: web, displayName: Web}}
edit:
  applications: {web: {signInAudience: AzureADMultipleOrgs}}
without: [Policy.Read.All]
""",
)
def refusal_unknown(view: ChangesView, _: ChangesView) -> Iterator[Finding]:
    """Find what could not be read of what the tenant refuses."""
    unread, unknown = view.policies.unread, view.policies.unknown
    if unread:
        names = ", ".join(sorted(unread))
        yield Finding({"what": f": which applications have the app management policies {names} of their own"})
    if unknown:
        what = "; ".join(each.what for each in unknown)
        needed = " and ".join(sorted({each.permission for each in unknown}))
        yield Finding({"what": f", of what {view.found.tenant.name} refuses: {what} ({needed} would tell)"})


def _new_certificates(
    view: ChangesView, made: Made, application: Application
) -> Iterator[tuple[str, Position | None, timedelta | None, str, str | None]]:
    """Yield the label and place of each certificate that is new, how long it lives, how a message goes on,
    and its bytes if it exists.
    """
    for certificate in application.certificates or ():
        if not view.has(application.key, certificate):
            ends = certificate.not_before, certificate.not_after
            start, end = (parse_moment(each) if each is not None else None for each in ends)
            lifetime = end - start if start is not None and end is not None else None
            yield certificate.label, certificate.position, lifetime, ", which", certificate.der
    names = (parse(entry.get("displayName")) for entry in made.body.get("keyCredentials") or ())
    live = {name.label for name in names if name}
    for label, declared in application.generated.items():
        if label not in live:
            which = ", which `credentials rotate` is to make and"
            yield label, declared.position, declared.lifetime, which, None


def _holds_for(restriction: Restriction, made: Made, application: Application) -> bool:
    """Return True if a restriction on identifier URIs applies to an application: some exempt what asks for
    version 2 tokens, or SAML.
    """
    version = made.after.values.get(VERSION, at(made.body, VERSION) if made.body else None)
    if restriction.body.get("excludeAppsReceivingV2Tokens") is True and version == 2:
        return False
    settings = application.enterprise.settings if application.enterprise is not None else {}
    saml = SIGN_ON in settings and settings[SIGN_ON].value == "saml"
    return not (restriction.body.get("excludeSaml") is True and saml)


def _names_us(uri: str, app_id: str, found: Found) -> bool:
    """Tell whether a URI has the tenant's id, the application's, or a verified domain
    (identifierUriConfiguration).
    """
    segments = {segment.casefold() for segment in re.split("[/:]", uri.partition(":")[2]) if segment}
    if {app_id.casefold(), found.tenant.id.casefold()} & segments:
        return True
    domains = found.claims.domains
    if domains is None:
        # Told as unknown already, with the domains.
        return True
    return uris.below(uris.host(uri), domains)


def _fill_app_id(uri: Value, after: Resource, app_id: str) -> str:
    """Return a URI as it will be, its own appId in it."""
    parts = uri.parts if isinstance(uri, Text) else (uri,)
    own = Ref(after.address, "appId")
    return "".join(app_id if part == own else str(part) for part in parts)
