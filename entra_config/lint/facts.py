"""What was read of a tenant in; what is of no single application, or of a policy on it, out: facts by
name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from entra_config.actual.question import APP_POLICIES, AUTHORIZATION_POLICY, DEFAULT_APP_POLICY
from entra_config.checks.restrictions import Restrictions
from entra_config.kinds.base import bears_owner
from entra_config.kinds.details import HOLDERS, DelegatedConsent
from entra_config.kinds.directory import Json
from entra_config.lint import tenant as questions
from entra_config.lint.model import TenantFacts
from entra_config.lint.tenant import TenantReading, ours
from entra_config.moments import read_moment


def tenant(read: TenantReading) -> TenantFacts:
    """Return what is of no application of ours: facts by name, and what could not be read."""
    responses = read.responses
    own = read.directory.own_app_ids
    return TenantFacts(
        {
            "authorizationPolicy": tuple(responses[AUTHORIZATION_POLICY]),
            "defaultAppManagementPolicy": tuple(responses[DEFAULT_APP_POLICY]),
            "restricted": tuple(_restricted(read)),
            "adminConsentRequestPolicy": tuple(responses[questions.CONSENT_REQUESTS]),
            "microsoft": tuple(
                each for each in responses[questions.MICROSOFT_PRINCIPALS] if _holds_keys(each)
            ),
            "external": tuple(
                each
                for each in responses[questions.REGISTRATIONS]
                if each["appId"] not in own and not bears_owner(each)
            ),
            "nested": tuple(_nested(read)),
            "consents": tuple(_consents(read)),
            "used": tuple(_used(read)),
            "recommended": tuple(_recommended(read)),
            "verifiedDomains": tuple({"name": name} for name in sorted(read.verified_domains)),
        },
        read.unread,
    )


def _restricted(read: TenantReading) -> Iterator[Json]:
    """Yield what the app management policies say of each application of ours; nothing where they were not all
    read.

    `authorities` tells whether only trusted ones may issue its certificates, `custom` whether nobody may
    choose its secrets.
    """
    policies = read.policies
    if policies.default is None or policies.unread or APP_POLICIES not in read.responses:
        return
    for key, live in ours(read.directory).items():
        body = live.subject.application or {}
        created = read_moment(body.get("createdDateTime"), datetime.min.replace(tzinfo=UTC))
        held = Restrictions(policies, str(body.get("id")), created)
        yield {
            "application": key,
            "authorities": held.listed("keyCredentials", "trustedCertificateAuthority") is not None,
            "custom": held.listed("passwordCredentials", "customPasswordAddition") is not None,
        }


def _holds_keys(principal: Json) -> bool:
    return bool(principal.get("passwordCredentials") or principal.get("keyCredentials"))


def _nested(read: TenantReading) -> Iterator[Json]:
    """Yield each group that holds a role and has groups in it: whose application, which group, which are
    inside.
    """
    for key, live in ours(read.directory).items():
        for held in live.rows(HOLDERS):
            members = read.responses[questions.members(held.principal)]
            inside = [
                str(each.get("displayName"))
                for each in members
                if str(each.get("@odata.type")).endswith(".group")
            ]
            if inside:
                yield {"application": key, "group": held.principal_name, "inside": inside}


def _consents(read: TenantReading) -> Iterator[Json]:
    """Yield how many single people consented to something of each API of ours."""
    for key in ours(read.directory):
        given = map(DelegatedConsent.read, read.responses[questions.consents_to(key)])
        people = {each.principal for each in given if not each.everybody}
        yield {"application": key, "people": len(people)}


def _used(read: TenantReading) -> Iterator[Json]:
    """Yield when each application of ours was made, and last used as client or API; nothing where the
    report was not read.
    """
    if questions.SIGN_INS not in read.responses:
        return
    last = {
        each["appId"]: (each.get("lastSignInActivity") or {}).get("lastSignInDateTime")
        for each in read.responses[questions.SIGN_INS]
    }
    for key, live in ours(read.directory).items():
        body = live.subject.application or {}
        yield {
            "application": key,
            "created": body.get("createdDateTime"),
            "last": last.get(body.get("appId")),
        }


def _recommended(read: TenantReading) -> Iterator[Json]:
    """Yield what Microsoft recommends for each application of ours."""
    for each in read.responses[questions.RECOMMENDATIONS]:
        for impacted in read.responses[questions.impacted(each["id"])]:
            key = read.directory.own_app_ids.get(str(impacted.get("subjectId")))
            if key is not None and impacted.get("status", "active") == "active":
                yield {
                    "application": key,
                    "type": each.get("recommendationType"),
                    "says": each.get("displayName"),
                }
