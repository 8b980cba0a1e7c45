"""The codes about what is presented: codes, tokens, secrets, assertions."""

from entra_emulator.login.entry import CLIENT, GRANT, REQUEST, UNAUTHORIZED, AadstsEntry

_CREDENTIALS_PAGE = (
    "Review the documentation at "
    "https://learn.microsoft.com/entra/identity-platform/certificate-credentials ."
)
_FEDERATION = (
    "Check your federated identity credential Subject, Audience and Issuer against the presented "
    "assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
)

CREDENTIALS: dict[int, AadstsEntry] = {
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
