"""What app management policies and the tenant's size refuse: a row before and after a write in, Graph's
refusal out.

Codes and texts: teams-toolkit constants.ts, and answers that were quoted in public; where none was seen, the
test says so.
"""

import re
from urllib.parse import urlsplit

from entra_emulator import app_policies
from entra_emulator.app_policies import NON_DEFAULT, UNIQUE
from entra_emulator.graph import bodies
from entra_emulator.graph.call import Call
from entra_emulator.graph.entities import DIRECTORY_OBJECTS
from entra_emulator.graph.errors import ODataError, bad_request
from entra_emulator.table import Row

_AUDIENCES = {
    "AzureADMultipleOrgs": ("azureAdMultipleOrgs",),
    "AzureADandPersonalMicrosoftAccount": ("azureAdMultipleOrgs", "personalMicrosoftAccount"),
    "PersonalMicrosoftAccount": ("personalMicrosoftAccount",),
}
# What counts towards the quota of a tenant (service-limits documentation).
_COUNTED = [entity.table for entity in DIRECTORY_OBJECTS]


def check_password(call: Call, table: str, row: Row, secret: Row) -> None:
    """Refuse a client secret where none may be added, or none that lives so long."""
    _, held = app_policies.holding(call.tenant, table, row)
    if app_policies.listed(held, "passwordCredentials", "passwordAddition", row["createdDateTime"]):
        raise bad_request(
            "Credential type not allowed as per assigned policy.", "CredentialTypeNotAllowedAsPerAppPolicy"
        )
    limit = app_policies.listed(held, "passwordCredentials", "passwordLifetime", row["createdDateTime"])
    if app_policies.too_long(limit, secret["startDateTime"], secret["endDateTime"]):
        raise _too_long()


def check_keys(call: Call, table: str, old: Row | None, new: Row) -> None:
    """Refuse a certificate that lives longer than may be, or that no trusted authority has issued."""
    known = {key["keyId"] for key in old["keyCredentials"]} if old else set()
    added = [key for key in new["keyCredentials"] if key["keyId"] not in known]
    if not added:
        return
    _, held = app_policies.holding(call.tenant, table, new)
    created = new["createdDateTime"] or call.stamp
    limit = app_policies.listed(held, "keyCredentials", "asymmetricKeyLifetime", created)
    authority = app_policies.listed(held, "keyCredentials", "trustedCertificateAuthority", created)
    for key in added:
        if app_policies.too_long(limit, key["startDateTime"], key["endDateTime"]):
            raise _too_long()
        if authority is not None and _self_issued(key["key"]):
            # Neither code nor text was seen.
            text = "Key credential is not issued by a trusted certificate authority as per assigned policy."
            raise bad_request(text, "CredentialNotIssuedByTrustedAuthorityAsPerAppPolicy")


def check_audience(call: Call, old: Row | None, new: Row) -> None:
    """Refuse accounts of other tenants, or personal ones, where a policy does (audiencesConfiguration
    documentation).
    """
    audience = new["signInAudience"]
    if old is not None and old["signInAudience"] == audience:
        return
    policy, held = app_policies.holding(call.tenant, "applications", new)
    refused = held.get("audiences") or {}
    if any(
        app_policies.holds(refused.get(name), new["createdDateTime"]) for name in _AUDIENCES.get(audience, ())
    ):
        # Quoted in public with the id of the policy that refused; the code is teams-toolkit's.
        text = f"SignInAudience value '{audience}' not allowed as per assigned policy '{policy}'."
        more = "Set the application to use single-tenant audience of 'AzureADMyOrg'."
        raise bad_request(f"{text} {more}", "SignInAudienceNotAllowedAsPerAppPolicy")


def check_uri(call: Call, app: Row, uri: str) -> None:
    """Refuse a new identifier URI that neither names the tenant or the application nor is of a form that
    may be free.
    """
    _, held = app_policies.holding(call.tenant, "applications", app)
    restrictions = held.get("identifierUris") or {}
    if _concerned(call, restrictions.get(UNIQUE), app) and not _names_us(call, app, uri):
        raise _refused_uri(uri)
    own = {f"api://{app['appId']}", f"api://{call.tenant.tenant_id}/{app['appId']}"}
    if _concerned(call, restrictions.get(NON_DEFAULT), app) and uri.casefold() not in own:
        # How this one is refused was not seen: the code and the text are those of the other restriction.
        raise _refused_uri(uri)


def check_room(call: Call) -> None:
    """Refuse one object more where the tenant is full; a deleted one counts as a quarter (service-limits
    documentation).
    """
    most = call.tenant.choices.object_quota
    if most is not None and used(call) + 1 > most:
        text = (
            "The directory object quota limit for the Tenant has been exceeded. Please ask your "
            "administrator to increase the"
        )
        raise ODataError(
            403, "Directory_QuotaExceeded", f"{text} quota limit or delete objects to reduce the used quota."
        )


def check_plan(call: Call, kind: str) -> None:
    """Refuse a group as the holder of a role where the tenant has no Entra ID P1; how Graph refuses it was
    not seen.
    """
    if kind == "group" and call.tenant.choices.entra_plan == "free":
        text = "The tenant does not have the license that assigning groups to applications needs."
        raise ODataError(403, "Authorization_RequestDenied", text)


def used(call: Call) -> int:
    """Give how much of its quota a tenant uses."""
    live = sum(len(call.tenant.tables[name].rows) for name in _COUNTED)
    return live + len(call.tenant.tables["deletedItems"].rows) // 4


def _concerned(call: Call, restriction: Row | None, app: Row) -> bool:
    """Tell whether a restriction on identifier URIs holds for an application: not for what it excludes."""
    if not app_policies.holds(restriction, app["createdDateTime"] or call.stamp):
        return False
    assert restriction is not None
    if restriction.get("excludeAppsReceivingV2Tokens") and app["api"]["requestedAccessTokenVersion"] == 2:
        return False
    principal = call.tenant.service_principal_by_app_id(app["appId"])
    saml = principal is not None and principal["preferredSingleSignOnMode"] == "saml"
    return not (restriction.get("excludeSaml") and saml)


def _names_us(call: Call, app: Row, uri: str) -> bool:
    """Tell whether a URI has the tenant's id, the application's, or a verified domain
    (identifierUriConfiguration).
    """
    segments = [segment.casefold() for segment in re.split("[/:]", uri.partition(":")[2]) if segment]
    if {app["appId"].casefold(), call.tenant.tenant_id} & set(segments):
        return True
    try:
        host = (urlsplit(uri).hostname or "").casefold()
    except ValueError:
        return False
    return call.tenant.verifies(host)


def _refused_uri(uri: str) -> ODataError:
    text = (
        f"Failed to add identifier URI {uri}. All newly added URIs must contain a tenant verified domain, "
        "tenant ID, or app "
        "ID, as per the default tenant policy of your organization. See "
        "https://aka.ms/identifier-uri-addition-error for "
        "more information on this error."
    )
    return bad_request(text, "InvalidUniqueTenantIdentifierAsPerAppPolicy")


def _too_long() -> ODataError:
    text = "Credential lifetime exceeds the max value allowed as per assigned policy."
    return bad_request(text, "CredentialInvalidLifetimeAsPerAppPolicy")


def _self_issued(key: str) -> bool:
    certificate = bodies.certificate_of(bodies.key_bytes(key))
    return certificate.issuer == certificate.subject
