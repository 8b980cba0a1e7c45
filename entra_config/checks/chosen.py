"""What a tenant chose in; each thing that it refuses, a line each, out: for whoever asks before there is a
plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from entra_config.actual.policies import Policies
from entra_config.checks.restrictions import NON_DEFAULT, UNIQUE, Restriction, active
from entra_config.checks.rules.preflight import PREMIUM
from entra_config.kinds.directory import Json

_LISTED = {
    "passwordAddition": "no new secrets",
    "passwordLifetime": "no secret that lives longer than {longest}",
    "customPasswordAddition": "no secrets with a chosen value",
    "symmetricKeyAddition": "no new symmetric keys",
    "symmetricKeyLifetime": "no symmetric key that lives longer than {longest}",
    "asymmetricKeyLifetime": "no certificate that lives longer than {longest}",
    "trustedCertificateAuthority": "no certificate of an authority that it does not trust",
}
_PARTS = {
    ("identifierUris", UNIQUE): "no identifier URI without the tenant's id, the appId or a verified domain",
    (
        "identifierUris",
        NON_DEFAULT,
    ): "no identifier URI but api://${{appId}} and api://${{tenantId}}/${{appId}}",
    ("audiences", "azureAdMultipleOrgs"): "no accounts of other tenants",
    ("audiences", "personalMicrosoftAccount"): "no personal accounts",
}


def lines(policies: Policies) -> Iterator[str]:
    """Yield what is refused: to all applications by default, to those with a policy of their own, to
    people, for want of room.
    """
    default = policies.default or {}
    if default.get("isEnabled") is True:
        for restriction in _restrictions(default.get("applicationRestrictions")):
            yield f"refuses by default: {restriction}"
    for policy in {str(each.get("id")): each for each in policies.own.values()}.values():
        restrictions = policy.get("restrictions")
        of_applications = (
            restrictions.get("applicationRestrictions") if isinstance(restrictions, Mapping) else None
        )
        reported = [*_restrictions(restrictions), *_restrictions(of_applications)]
        count = sum(each.get("id") == policy.get("id") for each in policies.own.values())
        what = "; ".join(reported) or "nothing"
        have = "1 object has" if count == 1 else f"{count} objects have"
        yield f"policy '{policy.get('displayName')}', which {have} instead of the default, refuses: {what}"
    if policies.unread:
        yield f"policies of which it is not known who has them: {', '.join(sorted(policies.unread))}"
    yield from _people(policies)
    if policies.unverified:
        yield f"domains that are not verified: {', '.join(sorted(policies.unverified))}"
    if policies.plans is not None and not policies.plans & PREMIUM:
        yield "refuses groups as holders of roles: there is no Microsoft Entra ID P1"
    if policies.quota is not None:
        used, total = policies.quota
        yield f"has {used:,} of at most {total:,} objects"


def _people(policies: Policies) -> Iterator[str]:
    user = policies.user or {}
    if user.get("allowedToCreateApps") is False:
        yield "lets nobody without a directory role register applications"
    granted = user.get("permissionGrantPoliciesAssigned")
    if granted is not None and not granted:
        yield "does not allow users to consent"


def _restrictions(body: object) -> Iterator[str]:
    if not isinstance(body, Mapping):
        return
    for name in ("passwordCredentials", "keyCredentials"):
        entries = body.get(name)
        for entry in entries if isinstance(entries, list) else ():
            words = _LISTED.get(str(entry.get("restrictionType"))) if isinstance(entry, Mapping) else None
            if words and active(entry):
                yield _reported(words, entry)
    for (name, part), words in _PARTS.items():
        whole = body.get(name)
        restriction = whole.get(part) if isinstance(whole, Mapping) else None
        if active(restriction):
            yield _reported(words, restriction)


def _reported(words: str, body: Json) -> str:
    restriction = Restriction(body)
    exempt = (
        " (not for what asks for version 2 tokens)"
        if body.get("excludeAppsReceivingV2Tokens") is True
        else ""
    )
    return f"{words.format(longest=body.get('maxLifetime'))}{exempt}{restriction.since}{restriction.unless}"
