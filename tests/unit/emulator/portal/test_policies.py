"""The list of policies and the page of one, whole."""

from collections.abc import Callable

import pytest
from starlette.responses import Response

from entra_emulator.portal import policies
from entra_emulator.portal.visit import Visit
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import shown


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.used()


@pytest.mark.parametrize(
    ("handler", "address", "path", "page"),
    [
        pytest.param(policies.show_list, "", {}, """
list.html 200 at policies
words: Policies
listing: 11 of 11 of 11 page 1 q=&kind=all
  Authorization Policy <~/policies/authorizationPolicy> code | authorization policy | each tenant has it |
    everybody without a directory role
  Default app management tenant policy <~/policies/defaultAppManagementPolicy> code | default app management
    policy | each tenant has it | every application without a policy of its own
  Admin consent requests <~/policies/adminConsentRequestPolicy> code | admin consent request policy | each
    tenant has it | everybody without a directory role
  What needs no administrator, for members
    <~/policies/permissionGrantPolicies/microsoft-user-default-legacy> (microsoft-user-default-legacy) code
    | permission grant policy | each tenant has it | everybody
  Low permissions, for members <~/policies/permissionGrantPolicies/microsoft-user-default-low>
    (microsoft-user-default-low) code | permission grant policy | each tenant has it | nobody
  For application administrators <~/policies/permissionGrantPolicies/microsoft-application-admin>
    (microsoft-application-admin) code | permission grant policy | each tenant has it | Application
    Administrator and Cloud Application Administrator
  For global administrators <~/policies/permissionGrantPolicies/microsoft-company-admin>
    (microsoft-company-admin) code | permission grant policy | each tenant has it | Global Administrator and
    Privileged Role Administrator
  Mine <~/policies/permissionGrantPolicies/mine> (mine) code | permission grant policy | made here | nobody
  No secrets <~/policies/appManagementPolicies/no-secrets> (no-secrets) code | app management policy | made
    here | 2 applications
  Unused <~/policies/appManagementPolicies/unused> (unused) code | app management policy | made here |
    nothing
  Realm <~/policies/homeRealmDiscoveryPolicies/realm> (realm) code | home realm discovery policy | made here
    | 1 application
columns: [Name | Type | Made | Holds for]
choices:
  Type kind=all of all=any, authorizationPolicy=authorization policy, defaultAppManagementPolicy=default app
    management policy, adminConsentRequestPolicy=admin consent request policy,
    permissionGrantPolicies=permission grant policy, appManagementPolicies=app management policy,
    homeRealmDiscoveryPolicies=home realm discovery policy, claimsMappingPolicies=claims-mapping policy,
    tokenIssuancePolicies=token issuance policy, tokenLifetimePolicies=token lifetime policy
searched: Name or id
nothing: There is no policy.
""", id="all"),
        pytest.param(policies.show_list, "kind=appManagementPolicies#listing", {}, """
listing: 2 of 2 of 11 page 1 q=&kind=appManagementPolicies filtered
  No secrets <~/policies/appManagementPolicies/no-secrets> (no-secrets) code | app management policy | made
    here | 2 applications
  Unused <~/policies/appManagementPolicies/unused> (unused) code | app management policy | made here |
    nothing
""", id="of one type"),
        pytest.param(policies.show_list, "q=CONSENT REQ#listing", {}, """
listing: 1 of 1 of 11 page 1 q=CONSENT REQ&kind=all filtered
  Admin consent requests <~/policies/adminConsentRequestPolicy> code | admin consent request policy | each
    tenant has it | everybody without a directory role
""", id="of a name"),
        pytest.param(policies.show, "", {"kind": "authorizationPolicy"}, """
policy.html 200 at policies
policy: kind=authorizationPolicy; row=id=authorizationPolicy; displayName=Authorization Policy;
    built_in=True
switched: [appManagementPolicies | defaultAppManagementPolicy]
name: Authorization Policy
type: authorization policy
lines:
  words=Registering an application, without a directory role; outcome=allowed
  words=Consenting for oneself; outcome=allowed; more=to what these cover: microsoft-user-default-legacy
holding: words=everybody without a directory role
more: -100
graph: curl https://localhost:8443/v1.0/policies/authorizationPolicy
    ~/policies/authorizationPolicy?graph=curl#graph
""", id="what people may do"),
        pytest.param(policies.show, "", {"kind": "adminConsentRequestPolicy"}, """
policy.html 200 at policies
policy: kind=adminConsentRequestPolicy; row=id=adminConsentRequestPolicy; displayName=Admin consent
    requests; built_in=True
switched: [appManagementPolicies | defaultAppManagementPolicy]
name: Admin consent requests
type: admin consent request policy
lines:
  words=Asking an administrator for a consent; outcome=refused
holding: words=everybody without a directory role
more: -100
graph: curl https://localhost:8443/v1.0/policies/adminConsentRequestPolicy
    ~/policies/adminConsentRequestPolicy?graph=curl#graph
""", id="whether people may ask"),
        pytest.param(policies.show, "", {"kind": "defaultAppManagementPolicy"}, """
policy.html 200 at policies
policy: kind=defaultAppManagementPolicy; row=id=00000000-0000-0000-0000-000000000000; deletedDateTime=None;
    description=Restricts how applications and service principals are configured, where no policy of theirs
    does.; displayName=Default app management tenant policy; isEnabled=True;
    applicationRestrictions=passwordCredentials=[]; keyCredentials=[];
    identifierUris=nonDefaultUriAddition=None;
    uriAdditionWithoutUniqueTenantIdentifier=excludeAppsReceivingV2Tokens=True; excludeSaml=True;
    isStateSetByMicrosoft=True; state=enabled; audiences=None;
    servicePrincipalRestrictions=passwordCredentials=[]; keyCredentials=[]; built_in=True
switched: [appManagementPolicies | defaultAppManagementPolicy]
name: Default app management tenant policy
type: default app management policy
lines:
  words=An identifier URI without the tenant’s id, the application’s id or a verified domain;
    outcome=refused; more=registrations, not where it takes version 2 tokens, not where it signs in by SAML,
    set by Microsoft
holding: words=every application without a policy of its own
more: -100
graph: curl https://localhost:8443/v1.0/policies/defaultAppManagementPolicy
    ~/policies/defaultAppManagementPolicy?graph=curl#graph
""", id="the default"),
        pytest.param(policies.show, "", {"kind": "appManagementPolicies", "id": "no-secrets"}, """
policy.html 200 at policies
policy: kind=appManagementPolicies; row=id=no-secrets; displayName=No secrets; isEnabled=True;
    restrictions=passwordCredentials=[restrictionType=passwordAddition; state=enabled]; description=;
    deletedDateTime=None
switched: [appManagementPolicies | defaultAppManagementPolicy]
name: No secrets
type: app management policy
lines:
  words=Adding a client secret; outcome=refused
holding: words=2 applications; objects=[Api <~/registrations/app:Api> | Spa <~/enterprise/sp:Spa>]
more: -98
graph: curl https://localhost:8443/v1.0/policies/appManagementPolicies/no-secrets
    ~/policies/appManagementPolicies/no-secrets?graph=curl#graph
""", id="one of two applications"),
        pytest.param(policies.show, "", {"kind": "appManagementPolicies", "id": "unused"}, """
policy.html 200 at policies
policy: kind=appManagementPolicies; row=id=unused; displayName=Unused; isEnabled=True;
    restrictions=passwordCredentials=[restrictionType=passwordAddition; state=enabled]; description=;
    deletedDateTime=None
switched: [appManagementPolicies | defaultAppManagementPolicy]
name: Unused
type: app management policy
lines:
  words=Adding a client secret; outcome=refused
holding: words=nothing
more: -100
graph: curl https://localhost:8443/v1.0/policies/appManagementPolicies/unused
    ~/policies/appManagementPolicies/unused?graph=curl#graph
""", id="one of none"),
        pytest.param(
            policies.show,
            "#holding",
            {"kind": "permissionGrantPolicies", "id": "microsoft-user-default-legacy"},
            """
holding: words=everybody
""", id="one that people may consent by"),
        pytest.param(
            policies.show, "", {"kind": "permissionGrantPolicies", "id": "microsoft-application-admin"},
            """
policy.html 200 at policies
policy: kind=permissionGrantPolicies; row=id=microsoft-application-admin; displayName=For application
    administrators; description=For application administrators; includes=[permissionClassification=all;
    permissionType=application; resourceApplication=any; permissions=[all]; clientApplicationIds=[all];
    clientApplicationTenantIds=[all]; clientApplicationPublisherIds=[all];
    clientApplicationsFromVerifiedPublisherOnly=False; id=00000000-0000-4000-8000-000000000003 |
    permissionClassification=all; permissionType=delegated; resourceApplication=any; permissions=[all];
    clientApplicationIds=[all]; clientApplicationTenantIds=[all]; clientApplicationPublisherIds=[all];
    clientApplicationsFromVerifiedPublisherOnly=False; id=00000000-0000-4000-8000-000000000004];
    excludes=[permissionClassification=all; permissionType=application; resourceApplication=client:Microsoft
    Graph; permissions=[all]; clientApplicationIds=[all]; clientApplicationTenantIds=[all];
    clientApplicationPublisherIds=[all]; clientApplicationsFromVerifiedPublisherOnly=False;
    id=00000000-0000-4000-8000-000000000005]; built_in=True
switched: [appManagementPolicies | defaultAppManagementPolicy]
name: For application administrators
type: permission grant policy
lines:
  words=Consent to application permissions; outcome=allowed
  words=Consent to delegated permissions; outcome=allowed
  words=Consent to application permissions of Microsoft Graph; outcome=refused; more=whatever is allowed
    above
holding: words=Application Administrator and Cloud Application Administrator; objects=[Application
    Administrator <~/directory-roles/Application%20Administrator> | Cloud Application Administrator
    <~/directory-roles/Cloud%20Application%20Administrator>]
more: -98
graph: curl https://localhost:8443/v1.0/policies/permissionGrantPolicies/microsoft-application-admin
    ~/policies/permissionGrantPolicies/microsoft-application-admin?graph=curl#graph
""", id="one of administrators"),
        pytest.param(policies.show, "#holding", {"kind": "permissionGrantPolicies", "id": "mine"}, """
holding: words=nobody
""", id="one of nobody"),
        pytest.param(policies.show, "", {"kind": "homeRealmDiscoveryPolicies", "id": "realm"}, """
policy.html 200 at policies
policy: kind=homeRealmDiscoveryPolicies; row=id=realm; displayName=Realm
switched: [appManagementPolicies | defaultAppManagementPolicy]
name: Realm
type: home realm discovery policy
lines:
  words=Which sign-in page people are led to; outcome=not in force; more=one realm here
holding: words=1 application; objects=[Spa <~/enterprise/sp:Spa>]
more: -99
graph: curl https://localhost:8443/v1.0/policies/homeRealmDiscoveryPolicies/realm
    ~/policies/homeRealmDiscoveryPolicies/realm?graph=curl#graph
""", id="a realm"),
        pytest.param(policies.show, "", {"kind": "appManagementPolicies", "id": "nothing"}, """
missing.html 404 at policies
what: policy
name: nothing
""", id="not there"),
        pytest.param(policies.show, "", {"kind": "nothing"}, """
missing.html 404 at policies
what: policy
name: nothing
""", id="no such type"),
    ],
)  # fmt: skip
def test_a_page_of_policies_says_all(
    browser: Browser, handler: Callable[[Visit], Response], address: str, path: dict[str, str], page: str
) -> None:
    """Hold each value of the page: what it says, and whom it holds for."""
    assert shown(browser, handler, address, **path) == page.strip("\n")
