"""Refusals as Graph sends them, each with the row of the catalogue that it is of."""

from __future__ import annotations

from entra_config.graph.request import Request, Response
from tests.unit.graph.doors import error

BAD, GONE, SAME = "Request_BadRequest", "Request_ResourceNotFound", "Request_MultipleObjectsWithSameKeyValue"
POST, PATCH, DELETE, GET = (Request(method, "/x/1", {}) for method in ("POST", "PATCH", "DELETE", "GET"))
MISSING = "Resource '1' does not exist or one of its queried reference-property objects are not present."


def detailed(status: int, code: str, message: str, detail: str) -> Response:
    """Make a refusal with a detail."""
    response = error(status, code, message)
    response.body["error"]["details"] = [{"code": detail, "message": message, "target": "appId"}]
    return response


CASES = [
    (POST, error(429, "TooManyRequests", "Too many requests from Identifier"), "throttled"),
    (POST, error(503, "Request_ThrottledTemporarily"), "throttled, old form"),
    (POST, error(503, "serviceNotAvailable"), "server error"),
    (POST, Response(502, None), "server error"),
    (
        PATCH,
        error(409, "Directory_ConcurrencyViolation", "Error due to concurrent requests being made"),
        "concurrent writes",
    ),
    (
        PATCH,
        error(409, "Error_MsaAppDoesNotExist", "The corresponding MSA application does not exist."),
        "personal-account side not ready",
    ),
    (
        GET,
        error(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
        "token expired",
    ),
    (GET, Response(401, None), "not signed in"),
    (
        POST,
        error(
            403,
            "Authorization_RequestDenied",
            (
                "When using this permission, the backing application of the service principal being "
                "created must in the local tenant"
            ),
        ),
        "application not replicated (as OwnedBy)",
    ),
    (
        POST,
        detailed(400, BAD, "The appId '1' of the service principal does not …", "NoBackingApplicationObject"),
        "application not replicated",
    ),
    (
        POST,
        error(
            400, BAD, "The appId '1' of the service principal does not reference a valid application object."
        ),
        "application not replicated (no detail)",
    ),
    (POST, error(400, BAD, "Not a valid reference update."), "principal or resource not replicated"),
    (
        POST,
        error(400, BAD, "Permission being assigned was not found on application '1'."),
        "role not replicated",
    ),
    (
        PATCH,
        error(
            400,
            "InvalidValue",
            (
                "Property api.preAuthorizedApplications.delegatedPermissionIds has a Permission Id that "
                "cannot be found in the sets."
            ),
        ),
        "scope not replicated",
    ),
    (
        PATCH,
        error(400, BAD, "Property PreAuthorizedApplication references applications 1 that cannot be found."),
        "authorized client not replicated",
    ),
    (
        PATCH,
        error(
            400,
            "CannotDeleteOrUpdateEnabledEntitlement",
            "Permission (scope or role) cannot be deleted or updated unless disabled first.",
        ),
        "enabled role or scope",
    ),
    (POST, error(400, BAD, "Permission being assigned already exists on the object"), "assignment is there"),
    (POST, error(409, SAME, "Permission entry already exists."), "grant is there"),
    (POST, error(400, BAD, "Permission entry already exists."), "grant is there"),
    (
        POST,
        detailed(
            409,
            SAME,
            "The service principal cannot be created, updated, or restored because … is already in use.",
            "ObjectConflict",
        ),
        "service principal is there",
    ),
    (
        POST,
        error(409, SAME, "FederatedIdentityCredential with name github already exists."),
        "federated credential is there",
    ),
    (
        POST,
        error(400, BAD, "Another object with the same value for property uniqueName already exists."),
        "unique name is taken",
    ),
    (
        PATCH,
        detailed(
            400,
            BAD,
            "Another object with the same value for property identifierUris already exists.",
            "ObjectConflict",
        ),
        "identifier URI is taken",
    ),
    (
        POST,
        error(
            400,
            "InvalidFederatedIdentityCredentialValue",
            "The combination of issuer and subject must be unique for the application.",
        ),
        "issuer and subject are taken",
    ),
    (
        POST,
        error(400, "InvalidFederatedIdentityCredentialValue", "… not allowed as per assigned policy"),
        "federated credential refused",
    ),
    (
        POST,
        error(
            400,
            BAD,
            (
                "One or more added object references already exist for the following modified "
                "properties: 'owners'."
            ),
        ),
        "owner is there",
    ),
    (
        POST,
        error(
            400,
            BAD,
            (
                "A conflicting object with one or more of the specified property values is present in "
                "the directory"
            ),
        ),
        "other object is in the way",
    ),
    (POST, error(409, SAME, "something else"), "same key"),
    (DELETE, error(400, BAD, "One or more removed object references do not exist"), "reference is gone"),
    (
        DELETE,
        error(400, BAD, "EntitlementGrant being updated or deleted is not found."),
        "assignment is gone",
    ),
    (DELETE, error(404, GONE, MISSING), "gone"),
    (PATCH, error(404, GONE, MISSING), "not there, or not yet"),
    (
        POST,
        error(404, "Directory_ObjectNotFound", "Unable to read the company information"),
        "not there, or not yet",
    ),
    (POST, error(400, GONE, MISSING), "referenced object not there, or not yet"),
    (
        PATCH,
        error(
            400, "HostNameNotOnVerifiedDomain", "Values of identifierUris property must use a verified domain"
        ),
        "URI of an unverified domain",
    ),
    (
        PATCH,
        error(400, "InvalidUniqueTenantIdentifierAsPerAppPolicy", "Failed to add identifier URI api://x."),
        "URI against the tenant's policy",
    ),
    (
        POST,
        error(400, "CredentialInvalidLifetimeAsPerAppPolicy"),
        "credential lives longer than the tenant's policy lets it",
    ),
    (POST, error(400, "CredentialTypeNotAllowedAsPerAppPolicy"), "secret against the tenant's policy"),
    (POST, error(400, "SignInAudienceNotAllowedAsPerAppPolicy"), "audience against the tenant's policy"),
    (
        PATCH,
        error(400, "SomethingElseAsPerAppPolicy"),
        "something against the tenant's app management policy",
    ),
    (
        Request("POST", "/x/applications"),
        error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
        "may not register applications",
    ),
    (
        Request("POST", "/servicePrincipals/1/appRoleAssignedTo"),
        error(403, "Authorization_RequestDenied", "The tenant does not have the license."),
        "group without a licence",
    ),
    (
        PATCH,
        error(400, "DuplicateValue", "Request contains a property with duplicate values."),
        "duplicate value",
    ),
    (PATCH, error(400, BAD, "Request contains a property with duplicate values."), "duplicate values"),
    (
        PATCH,
        error(400, BAD, "Property api.requestedAccessTokenVersion is invalid."),
        "token version against audience",
    ),
    (
        PATCH,
        error(403, "Directory_ResourceSizeExceeded", "The size of the object has exceeded its limit."),
        "object too large",
    ),
    (
        POST,
        error(
            403,
            "Directory_QuotaExceeded",
            "The directory object quota limit for the Principal has been exceeded.",
        ),
        "directory quota",
    ),
    (
        PATCH,
        error(400, BAD, "New password credentials must be generated using service actions."),
        "new secret in a body",
    ),
    (
        POST,
        error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
        "not allowed",
    ),
    (POST, Response(403, None), "forbidden"),
    (GET, error(404, GONE, MISSING), "not there"),
    (GET, error(400, "Request_UnsupportedQuery", "Operator 'not' is not supported"), "advanced query"),
    (PATCH, error(400, BAD, "Invalid property 'colour'."), "unknown property"),
    (PATCH, error(400, BAD, "Unexpected contents in request body."), "unexpected contents"),
    (
        PATCH,
        error(400, BAD, "Invalid value specified for property 'web' of resource 'Application'."),
        "invalid value",
    ),
    (
        POST,
        error(400, BAD, "A value is required for property 'mailNickname' of resource 'Group'."),
        "missing value",
    ),
    (
        POST,
        error(400, BAD, "Cannot convert a primitive value to the expected type 'Edm.Guid'"),
        "malformed id",
    ),
    (GET, error(400, BAD, "Invalid object identifier 'x'."), "malformed object id"),
    (POST, error(400, BAD, "One or more properties are invalid."), "invalid properties"),
    (POST, error(424, "FailedDependency", "Failed Dependency"), "dependency failed"),
]
