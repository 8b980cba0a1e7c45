"""The AADSTS codes that the emulator answers: their OAuth error, text and where they appear."""

from entra_emulator.login.entry import CLIENT, GRANT, REQUEST, SCOPE, UNAUTHORIZED, AadstsEntry

_NOT_INSTALLED = (
    "This can happen if the application has not been installed by the administrator of the "
    "tenant or consented to by any user in the tenant."
)
_CREDENTIALS_PAGE = (
    "Review the documentation at "
    "https://learn.microsoft.com/entra/identity-platform/certificate-credentials ."
)
_FEDERATION = (
    "Check your federated identity credential Subject, Audience and Issuer against the presented "
    "assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
)

CATALOGUE: dict[int, AadstsEntry] = {
    # What is asked of whom: tenant, client, redirect URI
    90002: AadstsEntry(
        REQUEST,
        "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are "
        "signing into the correct cloud. Check with your subscription administrator, this may "
        "happen if there are no active subscriptions for the tenant.",
        uri=True,
    ),
    900023: AadstsEntry(
        REQUEST,
        "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
    ),
    50049: AadstsEntry("invalid_instance", "Unknown or invalid instance.", uri=True),
    700016: AadstsEntry(
        UNAUTHORIZED,
        "Application with identifier '{app_id}' was not found in the directory '{tenant}'. "
        + _NOT_INSTALLED
        + " You may have sent your authentication request to the wrong tenant.",
        uri=True,
    ),
    700038: AadstsEntry(UNAUTHORIZED, "{app_id} is not a valid application identifier."),
    7000229: AadstsEntry(
        CLIENT,
        "The client application {app_id} is missing service principal in the tenant {tenant}. See "
        "instructions here: https://go.microsoft.com/fwlink/?linkid=2225119",
    ),
    7000112: AadstsEntry(UNAUTHORIZED, "Application '{app_id}'({name}) is disabled."),
    50194: AadstsEntry(
        REQUEST,
        "Application '{app_id}'({name}) is not configured as a multi-tenant application. Usage of "
        "the /common endpoint is not supported for such applications created after '10/15/2018'. "
        "Use a tenant-specific endpoint or configure the application to be multi-tenant.",
    ),
    50011: AadstsEntry(
        REQUEST,
        "The redirect URI '{uri}' specified in the request does not match the redirect URIs "
        "configured for the application '{app_id}'. Make sure the redirect URI sent in the request "
        "matches one added to your application in the Azure portal. Navigate to "
        "https://aka.ms/redirectUriMismatchError to learn more about how to fix this.",
    ),
    500113: AadstsEntry(REQUEST, "No reply address is registered for the application."),
    900144: AadstsEntry(REQUEST, "The request body must contain the following parameter: '{parameter}'."),
    9000411: AadstsEntry(
        REQUEST, "The request is not properly formatted. The parameter '{parameter}' is duplicated."
    ),
    9010010: AadstsEntry(
        "invalid_target",
        "The resource parameter provided in the request doesn't match with the requested scopes.",
    ),
    901002: AadstsEntry(REQUEST, "The 'resource' request parameter is not supported."),
    9002313: AadstsEntry(GRANT, "Invalid request. Request is malformed or invalid.", suberror="bad_token"),
    90014: AadstsEntry(
        REQUEST,
        "The required field '{field}' is missing from the credential. Ensure that you have all the "
        "necessary parameters for the login request.",
    ),
    70003: AadstsEntry("unsupported_grant_type", "The app requested an unsupported grant type '{grant}'."),
    700051: AadstsEntry(
        "unsupported_response_type",
        "response_type 'token' is not enabled for the application.",
    ),
    700054: AadstsEntry(
        "unsupported_response_type",
        "response_type 'id_token' is not enabled for the application.",
    ),
    70005: AadstsEntry(
        "unsupported_response_type",
        "The response_type '{response_type}' is not supported for the application.",
    ),
    70007: AadstsEntry(
        "unsupported_response_mode",
        "'{response_mode}' is not a supported value of 'response_mode' when requesting a token.",
    ),
    90023: AadstsEntry(REQUEST, "{problem}"),
    9002326: AadstsEntry(
        REQUEST,
        "Cross-origin token redemption is permitted only for the 'Single-Page Application' "
        "client-type. Request origin: '{origin}'.",
        uri=True,
    ),
    9002327: AadstsEntry(
        REQUEST,
        (
            "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via "
            "cross-origin requests."
        ),
    ),
    # Who signs in
    50020: AadstsEntry(
        GRANT,
        "User account '{user}' from identity provider '{provider}' does not exist in tenant '{tenant}' and "
        "cannot access "
        "the application '{app_id}'({name}) in that tenant. The account needs to be added as an external "
        "user in the "
        "tenant first. Sign out and sign in again with a different Azure Active Directory user account.",
    ),
    50034: AadstsEntry(
        GRANT,
        "The user account {{EmailHidden}} does not exist in the {tenant} directory. To sign into "
        "this application, the account must be added to the directory.",
    ),
    # The text is documented, not recorded.
    50053: AadstsEntry(
        GRANT,
        "The account is locked because the user tried to sign in too many times with an incorrect user ID or "
        "password.",
    ),
    50126: AadstsEntry(
        GRANT,
        "Error validating credentials due to invalid username or password.",
        uri=True,
    ),
    # The text is documented, not recorded.
    50055: AadstsEntry(GRANT, "The password is expired.", suberror="user_password_expired"),
    50057: AadstsEntry(GRANT, "The user account is disabled."),
    50058: AadstsEntry("login_required", "A silent sign-in request was sent but no user is signed in."),
    50105: AadstsEntry(
        # At the token endpoint and for prompt=none the OAuth error was never recorded.
        "interaction_required",
        "Your administrator has configured the application {name} ('{app_id}') to block users "
        "unless they are specifically granted ('assigned') access to the application. The signed "
        "in user '{user}' is blocked because they are not a direct member of a group with access, "
        "nor had access directly assigned by an administrator. Please contact your administrator "
        "to assign access to this application.",
    ),
    16000: AadstsEntry(
        "interaction_required",
        "Either multiple user identities are available for the current request or selected account "
        "is not supported for the scenario.",
    ),
    # vscode#286723 (2026-01); 16002 in 2018 (react-adal#46).
    160021: AadstsEntry("interaction_required", "Application requested a user session which does not exist."),
    # What was consented to
    65001: AadstsEntry(
        GRANT,
        "The user or administrator has not consented to use the application with ID '{app_id}' "
        "named '{name}'. Send an interactive authorization request for this user and resource.",
        suberror="consent_required",
    ),
    65004: AadstsEntry("access_denied", "User declined to consent to access the app."),
    90094: AadstsEntry("access_denied", "The grant requires admin permission."),
    650053: AadstsEntry(
        CLIENT,
        "The application '{name}' asked for scope '{scope}' that doesn't exist on the resource "
        "'{resource}'. Contact the app vendor.",
    ),
    70011: AadstsEntry(
        SCOPE,
        "The provided request must include a 'scope' input parameter. The provided value for the "
        "input parameter 'scope' is not valid. The scope {scope} is not valid.",
    ),
    28000: AadstsEntry(
        SCOPE,
        "Provided value for the input parameter scope is not valid because it contains more than "
        "one resource. Scope {scope} is not valid.",
    ),
    1002012: AadstsEntry(
        SCOPE,
        "The provided value for scope {scope} is not valid. Client credential flows must have a "
        "scope value with /.default suffixed to the resource identifier (application ID URI).",
    ),
    9001023: AadstsEntry(
        REQUEST,
        "The grant type is not supported over the /common or /consumers endpoints. Please use the "
        "/organizations or tenant-specific endpoint.",
    ),
    500011: AadstsEntry(
        "invalid_resource",
        "The resource principal named {resource} was not found in the tenant named {tenant}. "
        + _NOT_INSTALLED
        + " You might have sent your authentication request to the wrong tenant.",
        uri=True,
    ),
    500014: AadstsEntry(
        "invalid_resource",
        "The service principal for resource '{resource}' is disabled. This indicate that a subscription "
        "within the tenant has "
        "lapsed, or that the administrator for this tenant has disabled the application, preventing tokens "
        "from being issued "
        "for it.",
    ),
    501051: AadstsEntry(
        GRANT,
        (
            "Application '{app_id}'({name}) is not assigned to a role for the application "
            "'{resource}'({resource_name})."
        ),
    ),
    90009: AadstsEntry(
        REQUEST,
        "Application '{app_id}'({name}) is requesting a token for itself. This scenario is "
        "supported only if resource is specified using the GUID based App Identifier.",
    ),
    # Codes, refresh tokens, device codes
    54005: AadstsEntry(
        GRANT,
        (
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use "
            "an existing refresh token."
        ),
    ),
    70008: AadstsEntry(
        GRANT,
        "The provided authorization code or refresh token has expired due to inactivity. Send a "
        "new interactive authorization request for this user and resource.",
    ),
    501491: AadstsEntry(REQUEST, "Invalid size of Code_Challenge parameter."),
    501481: AadstsEntry(
        GRANT,
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
    ),
    50148: AadstsEntry(
        GRANT,
        "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.",
    ),
    9002325: AadstsEntry(
        REQUEST,
        "Proof Key for Code Exchange is required for cross-origin authorization code redemption.",
    ),
    500112: AadstsEntry(
        GRANT,
        (
            "The reply address '{uri}' does not match the reply address '{expected}' provided when "
            "requesting Authorization code."
        ),
    ),
    700005: AadstsEntry(
        GRANT, "Provided Authorization Code is intended to use against other tenant, thus rejected."
    ),
    700082: AadstsEntry(
        GRANT,
        (
            "The refresh token has expired due to inactivity. The token was issued on {issued} and was "
            "inactive for 90.00:00:00."
        ),
        suberror="bad_token",
        uri=True,
    ),
    700084: AadstsEntry(
        GRANT,
        "The refresh token was issued to a single page app (SPA), and therefore has a fixed, "
        "limited lifetime of 1.00:00:00, which cannot be extended. It is now expired and a new "
        "sign in request must be sent by the SPA to the sign in page. The token was issued on "
        "{issued}.",
        suberror="bad_token",
    ),
    50173: AadstsEntry(
        GRANT,
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The "
        "user might have changed or reset their password. The grant was issued on '{issued}' and "
        "the TokensValidFrom date (before which tokens are not valid) for this user is '{valid}'.",
        suberror="bad_token",
    ),
    70016: AadstsEntry(
        "authorization_pending",
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
        uri=True,
    ),
    70020: AadstsEntry(
        "expired_token",
        (
            "The provided value for the input parameter 'device_code' is not valid. This device code has "
            "expired."
        ),
    ),
    65011: AadstsEntry("authorization_declined", "User declined to consent to access the app."),
    70019: AadstsEntry(
        "bad_verification_code",
        "The provided value for the input parameter 'device_code' is not valid.",
    ),
    # Client authentication
    7000215: AadstsEntry(
        CLIENT,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client "
        "secret value, not the client secret ID, for a secret added to app '{app_id}'.",
        uri=True,
    ),
    7000218: AadstsEntry(
        CLIENT,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        uri=True,
    ),
    7000222: AadstsEntry(
        CLIENT,
        "The provided client secret keys for app '{app_id}' are expired. Visit the Azure portal to "
        "create new keys for your app: https://aka.ms/NewClientSecret, or consider using "
        "certificate credentials for added security: https://aka.ms/certCreds.",
        uri=True,
    ),
    700025: AadstsEntry(
        CLIENT,
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    ),
    700021: AadstsEntry(
        CLIENT,
        "Client assertion application identifier doesn't match 'client_id' parameter. " + _CREDENTIALS_PAGE,
    ),
    700023: AadstsEntry(
        CLIENT,
        "Client assertion audience claim does not match Realm issuer. " + _CREDENTIALS_PAGE,
    ),
    700024: AadstsEntry(
        CLIENT,
        "Client assertion is not within its valid time range. Current time: {now}, assertion valid "
        "from {start}, expiry time of assertion {end}. " + _CREDENTIALS_PAGE,
        uri=True,
    ),
    700027: AadstsEntry(CLIENT, "Client assertion contains an invalid signature. [Reason - {reason}]"),
    50027: AadstsEntry(REQUEST, "JWT token is invalid or malformed."),
    5002710: AadstsEntry(CLIENT, "Invalid JWT token: header is malformed."),
    5002723: AadstsEntry(
        CLIENT,
        "Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor "
        "keyId specified in token header.",
    ),
    5002738: AadstsEntry(
        CLIENT,
        "Invalid JWT token. '{algorithm}' is not a supported signature algorithm. Supported "
        "signing algorithms are: 'RS256,RS384,RS512,PS256'",
    ),
    70025: AadstsEntry(
        CLIENT,
        "The client '{app_id}'({name}) has no configured federated identity credentials.",
    ),
    700211: AadstsEntry(
        CLIENT,
        "No matching federated identity record found for presented assertion issuer '{value}'. "
        + _FEDERATION,
    ),
    700212: AadstsEntry(
        CLIENT,
        "No matching federated identity record found for presented assertion audience '{value}'. "
        + _FEDERATION,
    ),
    700213: AadstsEntry(
        CLIENT,
        "No matching federated identity record found for presented assertion subject '{value}'. "
        + _FEDERATION,
        uri=True,
    ),
    7002138: AadstsEntry(
        CLIENT,
        "No matching federated identity record found for presented assertion subject '{value}'. "
        "The subject matches with case-insensitive comparison, but not with case-sensitive "
        "comparison. " + _FEDERATION,
    ),
    90061: AadstsEntry(REQUEST, "Request to External OIDC endpoint failed."),
    # On behalf of
    50013: AadstsEntry(
        GRANT,
        "Assertion failed signature validation. [Reason - The key was not found., Please visit the "
        "Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id "
        "'{app_id}'.]",
    ),
    500131: AadstsEntry(
        GRANT,
        "Assertion audience does not match the Client app presenting the assertion. The audience "
        "in the assertion was '{audience}' and the expected audience is '{app_id}' or one of the "
        "Application Uris of this application with App ID '{app_id}'({name}). The downstream "
        "client must request a token for the expected audience (the application that made the OBO "
        "request) and this application should use that token as the assertion.",
    ),
    500133: AadstsEntry(
        GRANT,
        "Assertion is not within its valid time range. Ensure that the access token is not expired "
        "before using it for user assertion, or request a new token. Current time: {now}, expiry "
        "time of assertion {end}.",
    ),
    7000114: AadstsEntry(
        UNAUTHORIZED,
        "Application '{app_id}' is not allowed to make application on-behalf-of calls.",
    ),
}
