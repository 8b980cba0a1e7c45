"""The arguments of Terraform's azuread provider (3.9.0), each with the path of the property that it sets."""

from __future__ import annotations

# A dot leads into a nested block.
APPLICATION = {
    "display_name": "displayName",
    "description": "description",
    "notes": "notes",
    "sign_in_audience": "signInAudience",
    "identifier_uris": "identifierUris",
    "service_management_reference": "serviceManagementReference",
    "device_only_auth_enabled": "isDeviceOnlyAuthSupported",
    "fallback_public_client_enabled": "isFallbackPublicClient",
    "marketing_url": "info.marketingUrl",
    "privacy_statement_url": "info.privacyStatementUrl",
    "support_url": "info.supportUrl",
    "terms_of_service_url": "info.termsOfServiceUrl",
    "tags": "tags",
    "api.mapped_claims_enabled": "api.acceptMappedClaims",
    "api.known_client_applications": "api.knownClientApplications",
    "web.homepage_url": "web.homePageUrl",
    "web.logout_url": "web.logoutUrl",
    "web.redirect_uris": "web.redirectUris",
    "web.implicit_grant.access_token_issuance_enabled": "web.implicitGrantSettings.enableAccessTokenIssuance",
    "web.implicit_grant.id_token_issuance_enabled": "web.implicitGrantSettings.enableIdTokenIssuance",
    "single_page_application.redirect_uris": "spa.redirectUris",
    "public_client.redirect_uris": "publicClient.redirectUris",
}
PRINCIPAL = {
    "alternative_names": "alternativeNames",
    "app_role_assignment_required": "appRoleAssignmentRequired",
    "description": "description",
    "login_url": "loginUrl",
    "notes": "notes",
    "notification_email_addresses": "notificationEmailAddresses",
    "preferred_single_sign_on_mode": "preferredSingleSignOnMode",
    "tags": "tags",
    "saml_single_sign_on.relay_state": "samlSingleSignOnSettings.relayState",
}
# Of which a state and the tenant are compared by the ids of the entries.
ENTRIES = {"app_role": "appRoles", "api.oauth2_permission_scope": "api.oauth2PermissionScopes"}
REQUESTED = {"required_resource_access": "requiredResourceAccess"}
SCOPE = {
    "id": "id",
    "value": "value",
    "type": "type",
    "admin_consent_display_name": "adminConsentDisplayName",
    "admin_consent_description": "adminConsentDescription",
    "user_consent_display_name": "userConsentDisplayName",
    "user_consent_description": "userConsentDescription",
}
ROLE = {
    "id": "id",
    "value": "value",
    "display_name": "displayName",
    "description": "description",
    "allowed_member_types": "allowedMemberTypes",
}
CLAIM = {
    "name": "name",
    "source": "source",
    "essential": "essential",
    "additional_properties": "additionalProperties",
}
# What Graph sets and no client can change, what our apply sets as a guard, and what has a form of its own.
ELSEWHERE = {
    *("id", "appId", "createdDateTime", "createdByAppId", "publisherDomain", "uniqueName"),
    *("servicePrincipalType", "accountEnabled", "owners", "groupMembershipClaims", "optionalClaims"),
    *("api.preAuthorizedApplications", "api.requestedAccessTokenVersion"),
}
