"""Changes and what a tenant chose in; what it will refuse of them out, before the first write and at the
manifest's line.

chosen by               conflict
app management policies a new identifier URI, another audience, a new certificate; an application that nothing
but a
                                 secret, which is refused, lets sign in
authorizationPolicy              a person registers applications; people are to consent for themselves
directorySizeQuota               more is created than there is room for
subscribedSkus                   a group is assigned, and there is no Entra ID P1

The tenant decides, so each is a warning; `strict` makes it a refusal. What was not read is told once, as
unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from entra_config.actual.found import Found
from entra_config.actual.policies import AUDIENCE, Policies
from entra_config.checks import preflight_uris as uris
from entra_config.checks.certificates import self_issued
from entra_config.checks.restrictions import Restriction, Restrictions
from entra_config.errors import Position
from entra_config.graph import catalogue
from entra_config.kinds.application import REQUIRED
from entra_config.kinds.directory import Json
from entra_config.kinds.facts import ApplicationFacts, AssignmentFacts
from entra_config.kinds.graph_values import thumbprint
from entra_config.kinds.secret_names import parse
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import Certificate
from entra_config.manifest.sections.microsoft import OPENID_SCOPES
from entra_config.moments import parse_moment, read_moment
from entra_config.plan.model import Change, Create, Notice, Refusal, Restore, Update
from entra_config.resource import Address, Resource, Value

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
CONSENT = "Write `adminConsent` beside what is asked for, or let an administrator consent."


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the tenant will refuse: in its name, and with the advice that the refusal itself would come
    with.
    """

    refused: str
    advice: str
    address: Address | None = None
    position: Position | None = None


def check(
    changes: Iterable[Change], found: Found, manifest: Manifest, now: datetime, *, strict: bool
) -> Iterator[Refusal | Notice]:
    """Yield what the tenant will refuse, and what is not known of it; nothing where its policies were not
    asked.
    """
    policies = found.policies
    made = [change for change in changes if isinstance(change, Create | Update | Restore)]
    if policies is None or not made:
        return
    for conflict in dict.fromkeys(_conflicts(made, found, policies, manifest, now)):
        message = f"{found.tenant.name} {conflict.refused}: {conflict.advice}"
        if strict:
            yield Refusal("", message, conflict.address, conflict.position)
        else:
            yield Notice(message, conflict.address, conflict.position)
    yield from _unknown(policies, found)


def _conflicts(
    made: Sequence[Create | Update | Restore],
    found: Found,
    policies: Policies,
    manifest: Manifest,
    now: datetime,
) -> Iterator[Conflict]:
    created: list[Resource] = []
    for change in made:
        after = change.after
        application = manifest.applications.get(after.address.key)
        if isinstance(after.facts, ApplicationFacts) and application is not None:
            created += [after] if isinstance(change, Create) else []
            body = _live(found, after.address.key)
            at = read_moment(body.get("createdDateTime"), now)
            held = Restrictions(policies, str(body.get("id", "")), at)
            yield from _application(application, after, body, held, found)
            if not isinstance(change, Update) or any(field.path == REQUIRED for field in change.fields):
                yield from _consents(application, after, policies, manifest)
        elif isinstance(after.facts, AssignmentFacts) and isinstance(change, Create):
            yield from _group(after, after.facts, policies)
    yield from _created(created, policies, person=found.person)


def _live(found: Found, key: str) -> Json:
    live = found.directory.live.get(key)
    return (live.subject.application if live else None) or {}


def _application(
    application: Application, after: Resource, body: Json, held: Restrictions, found: Found
) -> Iterator[Conflict]:
    for position, refused in uris.refused(application, after, body, held, found):
        yield Conflict(f"refuses {refused}", catalogue.URI_POLICY.advice, after.address, position)
    yield from _audience(after, body, held)
    for certificate in application.certificates or ():
        yield from _certificate(certificate, after, body, held)
    yield from _generated(application, after, body, held)
    nothing_else = (
        not application.certificates and not application.generated and not application.federated_credentials
    )
    restriction = held.listed("passwordCredentials", "passwordAddition")
    if not body and application.type in _CONFIDENTIAL and nothing_else and restriction is not None:
        what = f"refuses a secret for {application.key}, which has no other credential"
        yield Conflict(
            _reported(what, restriction), catalogue.SECRET_POLICY.advice, after.address, application.position
        )


def _audience(after: Resource, body: Json, held: Restrictions) -> Iterator[Conflict]:
    audience = after.values.get(AUDIENCE)
    parts = () if audience == body.get(AUDIENCE) else _AUDIENCES.get(audience, ())
    restrictions = (held.of("audiences", part) for part in parts)
    restriction = next((each for each in restrictions if each is not None), None)
    if restriction is not None:
        position = after.positions.get(AUDIENCE) or after.position
        reported = _reported(f"refuses `{AUDIENCE}: {audience}`", restriction)
        yield Conflict(reported, catalogue.AUDIENCE_POLICY.advice, after.address, position)


def _certificate(
    certificate: Certificate, after: Resource, body: Json, held: Restrictions
) -> Iterator[Conflict]:
    there = {thumbprint(entry) for entry in body.get("keyCredentials") or ()}
    if certificate.thumbprint.upper() in there:
        return
    limit = held.listed("keyCredentials", "asymmetricKeyLifetime")
    if limit is not None and _lives_longer(certificate, limit):
        reported = _reported(
            f"refuses certificate `{certificate.label}`, which lives longer than {limit.body['maxLifetime']}",
            limit,
        )
        yield Conflict(reported, catalogue.LIFETIME_POLICY.advice, after.address, certificate.position)
    authority = held.listed("keyCredentials", "trustedCertificateAuthority")
    if authority is not None:
        own = self_issued(certificate.der)
        what = f"refuses certificate `{certificate.label}`" + (
            ", which names itself as its issuer"
            if own
            else " where its issuer is none of the authorities that it trusts"
        )
        yield Conflict(
            _reported(what, authority), catalogue.APP_POLICY.advice, after.address, certificate.position
        )


def _generated(
    application: Application, after: Resource, body: Json, held: Restrictions
) -> Iterator[Conflict]:
    """Yield each certificate that `credentials rotate` would make and be refused: one of ours names itself as
    its issuer, and lives as long as the manifest says. One that is there already is nobody's conflict.
    """
    limit = held.listed("keyCredentials", "asymmetricKeyLifetime")
    authority = held.listed("keyCredentials", "trustedCertificateAuthority")
    live = {
        made.label for entry in body.get("keyCredentials") or () if (made := parse(entry.get("displayName")))
    }
    for label, declared in application.generated.items():
        if label in live:
            continue
        what = f"refuses certificate `{label}`, which `credentials rotate` is to make"
        if limit is not None and limit.longest is not None and declared.lifetime > limit.longest:
            longer = f"{what} and lives longer than {limit.body['maxLifetime']}"
            advice = catalogue.LIFETIME_POLICY.advice
            yield Conflict(_reported(longer, limit), advice, after.address, declared.position)
        if authority is not None:
            own = f"{what} and names itself as its issuer"
            advice = catalogue.APP_POLICY.advice
            yield Conflict(_reported(own, authority), advice, after.address, declared.position)


def _lives_longer(certificate: Certificate, limit: Restriction) -> bool:
    if limit.longest is None or certificate.not_before is None or certificate.not_after is None:
        return False
    return parse_moment(certificate.not_after) - parse_moment(certificate.not_before) > limit.longest


def _reported(what: str, restriction: Restriction) -> str:
    return f"{what}{restriction.since}{restriction.unless}"


def _created(created: Sequence[Resource], policies: Policies, *, person: bool) -> Iterator[Conflict]:
    if not created:
        return
    first = created[0]
    if person and policies.user is not None and policies.user.get("allowedToCreateApps") is False:
        what = "lets nobody without a directory role register applications"
        yield Conflict(what, catalogue.REGISTRATION.advice, first.address, first.position)
    if policies.quota is not None:
        used, total = policies.quota
        needed = 2 * len(created)
        if used + needed > total:
            what = f"has room for {max(0, total - used):,} objects of {total:,}, and {needed} are to be made"
            yield Conflict(what, catalogue.QUOTA.advice, first.address, first.position)


def _group(after: Resource, facts: AssignmentFacts, policies: Policies) -> Iterator[Conflict]:
    if facts.principal_type == "group" and policies.plans is not None and not policies.plans & PREMIUM:
        yield Conflict(
            "has no licence that lets groups be assigned",
            catalogue.LICENCE.advice,
            after.parent,
            after.position,
        )


def _consents(
    application: Application, after: Resource, policies: Policies, manifest: Manifest
) -> Iterator[Conflict]:
    """Yield what people would have to consent to for themselves, and may not: nothing that is consented or
    authorized.
    """
    granted = policies.user.get("permissionGrantPoliciesAssigned") if policies.user is not None else None
    if granted is None or granted:
        return
    for permission in application.api_permissions.values():
        api = manifest.applications.get(permission.resource)
        authorized = set(api.authorized_clients.get(application.key, ())) if api is not None else set()
        left = (
            set(permission.delegated)
            - (permission.delegated_consent or frozenset())
            - authorized
            - OPENID_SCOPES
        )
        if left:
            reported = (
                f"lets nobody consent for himself, and {application.key} asks for {', '.join(sorted(left))}"
            )
            yield Conflict(
                f"{reported} of {permission.resource}", CONSENT, after.address, permission.position
            )


def _unknown(policies: Policies, found: Found) -> Iterator[Notice]:
    if policies.unread:
        names = ", ".join(sorted(policies.unread))
        yield Notice(
            f"unknown before apply: which applications have the app management policies {names} of their own"
        )
    if policies.unknown:
        what = "; ".join(each.what for each in policies.unknown)
        needed = sorted({each.permission for each in policies.unknown})
        yield Notice(
            f"unknown before apply, of what {found.tenant.name} refuses: {what} "
            f"({' and '.join(needed)} would tell)"
        )
