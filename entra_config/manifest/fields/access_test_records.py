"""The records of a file of access tests: what its keys and texts name, a row each."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields.field import Field, Mapped, Record, Several, row

PERSON = Record(
    "a person",
    "What the manifest cannot know of a person.",
    (
        row("memberOf", "texts", "The groups, by display name.", names=("group",)),
        row("guest", "boolean", "A guest of the tenant."),
        row("enabled", "boolean", "Whether the account is enabled."),
    ),
    short="",
)
GROUP = Record(
    "a group",
    "A group that the manifest does not name, or that is in others.",
    (row("memberOf", "texts", "The groups that it is in.", names=("group",)),),
)
_CLIENT: tuple[Field, ...] = (
    row("client", "string", "The application that asks.", names=("client", "servicePrincipal")),
    row("asks", "texts", "`API/SCOPE`, `API/.default`, or an OpenID scope.", names=("permission",)),
    row("secret", "json", "The client has a secret."),
    row("certificate", "string", "The client has the key of this certificate."),
    row("workload", "json", "The client has a token of another issuer."),
    row("redirectUri", "string", "Where the code is sent."),
)
REQUEST = Record("`onBehalfOf`", "What a client asked for first.", _CLIENT)
_ROLES = row("roles", "claim", "The values of roles.", names=("roleValue",))
_SCOPES = row("scp", "claim", "The values of scopes.", names=("scopeValue",))
_AUDIENCE = row("aud", "claim", "The application that the token is for.", names=("client",))
_CLIENTS = tuple(
    row(claim, "claim", "The application that asked for the token.", names=("client",))
    for claim in ("azp", "appid")
)
TOKEN = Record(
    "the claims of an access token", "Claims by name.", (_ROLES, _SCOPES, _AUDIENCE, *_CLIENTS), of="asks"
)
ID_TOKEN = Record("the claims of an ID token", "Claims by name.", (_ROLES, _AUDIENCE), of="client")
EXPECT = Record(
    "`expect`",
    "What comes of a test.",
    (
        row("token", TOKEN, "The access token."),
        row("idToken", ID_TOKEN, "The id_token."),
        row("refused", "json", "The number of Entra's refusal."),
    ),
)
FLOWS: Mapping[str, str] = {
    "code": "a person signs in on a page, and the client redeems the code (with PKCE)",
    "deviceCode": "a person signs in elsewhere to a device that shows a code",
    "clientCredentials": "an application asks for itself",
    "onBehalfOf": "an API asks for the person whose token it was called with",
}
_IT = row("it", "string", "What is true, as the rest of a sentence.")
_WHEN = (
    row("only", "texts", "The environments that it is for.", names=("environment",)),
    row("at", "moment", "The day, or moment, of the sign-in."),
)
TEST = Record(
    "a test",
    "One test.",
    (
        _IT,
        row("as", PERSON, "Who signs in.", names=("user",)),
        *_CLIENT,
        row("expect", EXPECT, "What comes of it."),
        *_WHEN,
        row("flow", "word", "How the token is asked for.", choices=tuple(FLOWS)),
        row("onBehalfOf", REQUEST, "The token that the API was called with."),
    ),
)
CELLS = Record(
    "the cells of a grid",
    "A row for each person or group.",
    (row("roles", "texts", "The heads of the columns.", names=("roleValue",)),),
    others=Mapped("json", names=("user", "group")),
    of="asks",
)
GRID = Record("a grid", "A row is a test.", (_IT, *_CLIENT, row("grid", CELLS, "The cells."), *_WHEN))
_ENTRY = Record("a test or a grid", "One entry of `tests`.", (*TEST.fields, GRID.field("grid")))
TESTS = Record(
    "a file of access tests",
    "People, groups and tests.",
    (
        row("people", Mapped(PERSON, names=("user",)), "Who may sign in, by user principal name."),
        row("groups", Mapped(GROUP, names=("group",)), "Groups by display name."),
        row("tests", Several(_ENTRY), "The tests."),
    ),
)
