"""The records of a file of access tests: their keys and what they name, a row each."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields.field import Field, Mapped, Record, Several, row
from entra_config.manifest.fields.workloads import FORMS

AUDIENCE = "api://AzureADTokenExchange"
FLOWS: Mapping[str, str] = {
    "code": "a person signs in on a page, and the client redeems the code (with PKCE)",
    "deviceCode": "a person signs in elsewhere to a device that shows a code",
    "clientCredentials": "an application asks for itself",
    "onBehalfOf": "an API asks for the person whose token it was called with",
}
_FLOWS = "; ".join(f"`{flow}`: {what}" for flow, what in FLOWS.items())

PERSON = Record(
    "a person",
    "What the manifest cannot know of a person.",
    (
        row(
            "memberOf",
            "texts",
            "The groups of which the person is a direct member, by display name.",
            ["MyApp Writers"],
            names=("group",),
        ),
        row("guest", "boolean", "A guest of the tenant.", True),
        row("enabled", "boolean", "`false`: the account is disabled.", False),
    ),
    short="",
)
GROUP = Record(
    "a group",
    "A group.",
    (
        row(
            "memberOf",
            "texts",
            "The groups that it is in: nested, which gives nobody a role.",
            ["Staff"],
            names=("group",),
        ),
    ),
)
_CLIENT: tuple[Field, ...] = (
    row(
        "client",
        "string",
        "The application that asks, by its key; one of others as `servicePrincipals` names it.",
        "spa",
        names=("client", "servicePrincipal"),
        required=True,
    ),
    row(
        "asks",
        "texts",
        "`API/SCOPE` (a label of ours, a value of others), `API/.default`, or an OpenID scope.",
        ["api/user.read", "openid"],
        names=("permission",),
        required=True,
    ),
    row(
        "secret",
        "json",
        "The client has a secret, made for the test; `{ ends: DAY }`: until then.",
        True,
    ),
    row(
        "certificate",
        "string",
        "The client has the private key of this certificate of the manifest, by its label.",
        "ci",
    ),
    row("workload", "json", "The client has a token of another issuer, whose keys are made on the spot."),
    row(
        "redirectUri",
        "string",
        "Where the code is sent; absent: the first of the client's own.",
        "https://app.example.com/",
    ),
)
REQUEST = Record("`onBehalfOf`", "What a client asked for first.", _CLIENT)
WORKLOAD = Record(
    "a workload",
    "",
    (
        row("issuer", "string", "The `iss` of its token."),
        row("subject", "string", "The `sub` of its token."),
        row("audience", "string", f"The `aud` of its token; absent: {AUDIENCE}."),
        row("claims", Mapped("string"), "What else its token says.", {"repository_id": "5678"}),
        *(row(form.key, form.exact_record, "") for form in FORMS.values()),
    ),
    ways=(("issuer", "subject"), *((key,) for key in FORMS)),
)
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
    "",
    (
        row(
            "token",
            TOKEN,
            "The access token; `{}` is any.",
            {"roles": ["Reader"], "scp": {"contains": ["user.read"]}},
        ),
        row("idToken", ID_TOKEN, "The id_token, where `openid` is asked for.", {"roles": "absent"}),
        row("refused", "json", "The number of Entra's refusal.", "AADSTS50105"),
    ),
)
_WHEN = (
    row(
        "each",
        "json",
        "One test for each item of a list, for which `${NAME}` stands.",
        {"service": "services"},
    ),
    row(
        "only",
        "texts",
        "The environments that it is for; absent: all.",
        ["prod"],
        names=("environment",),
    ),
    row("at", "moment", "The day, or moment, of the sign-in; absent: now.", "2027-02-01"),
)
TEST = Record(
    "a test",
    "One test.",
    (
        row(
            "it",
            "string",
            "What holds, as the rest of a sentence: the name of the test.",
            "keeps strangers out",
            required=True,
        ),
        row(
            "as",
            PERSON,
            "Who signs in: somebody of `people`, or `{ memberOf: [GROUP] }`, a person made for this test.",
            names=("user",),
        ),
        *_CLIENT,
        row(
            "expect",
            EXPECT,
            "What comes of it: `token`, `idToken` or both; or `refused`.",
            {"refused": "AADSTS50105"},
            required=True,
        ),
        row(
            "flow",
            "word",
            f"Absent: what follows from the rest. {_FLOWS}.",
            "deviceCode",
            choices=tuple(FLOWS),
        ),
        row(
            "onBehalfOf",
            REQUEST,
            "`client` is an API that was called with a token: who called, and what for.",
            {"client": "spa", "asks": ["api/user.read"]},
        ),
        *_WHEN,
    ),
)
CELLS = Record(
    "the cells of a grid",
    "A row for each person or group.",
    (row("roles", "texts", "", names=("roleValue",), required=True),),
    others=Mapped("json", names=("user", "group")),
    of="asks",
)
GRID = Record(
    "a grid",
    "A row is a test.",
    (
        row(
            "it",
            "string",
            "The name of the grid; with its row's it is the name of a test.",
            "gives each the roles of the model",
            required=True,
        ),
        *_CLIENT,
        row(
            "grid",
            CELLS,
            "`roles` heads the columns. A row is somebody of `people`, or a group (for somebody in it "
            "alone): `x` for each role of the token, `.` for each other; or a refusal.",
            {
                "roles": ["Reader", "Writer"],
                "alice@contoso.com": ["x", "."],
                "mallory@contoso.com": "AADSTS50105",
            },
            required=True,
        ),
        *_WHEN,
    ),
)
_ENTRY = Record("a test or a grid", "One entry of `tests`.", (*TEST.fields, GRID.field("grid")))
TESTS = Record(
    "a file of access tests",
    "A file that `tests` of the root file names; by default each of tests/*.yaml.",
    (
        row(
            "people",
            Mapped(PERSON, names=("user",)),
            "Who may stand at `as`, by user principal name; in the tests of this file alone.",
        ),
        row(
            "groups",
            Mapped(GROUP, names=("group",)),
            "Groups that the manifest does not name, or that are in others, by display name.",
        ),
        row("tests", Several(_ENTRY), "The tests, each with a name of its own in all files."),
    ),
)
