"""The records of an environment: what it says of its tenant, and what may happen there, a row each."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields.field import Definition, Mapped, Record, Several, row
from entra_config.manifest.fields.lint_records import LINT
from entra_config.manifest.fields.root_records import ACKNOWLEDGED, CONSENTS, LIMITS
from entra_config.manifest.fields.sinks.table import SINK

CREDENTIAL = "credential"  # of `deployers`: the client of the fleet, one in all tenants
# The words that lift a limit, with what each lifts.
WORDS: Mapping[str, str] = {
    "dangerous": "consent to a permission of the built-in list of dangerous ones",
    "delete": "deleting an application in a protected environment",
    "last": "a role that loses its last holder",
    "many": "more people or applications that lose something than the limits let",
    "restore": "bringing back a deleted application in a protected environment",
    "used": "removing a scope or role that an application of others requires",
}
POLICY = Record(
    "`policy`",
    "What may happen here.",
    (
        row(
            "consent",
            Mapped(CONSENTS, names=("application",)),
            "What this tool may consent to, besides the project's own APIs and OpenID scopes.",
            {"Microsoft Graph": {"delegated": ["User.Read"]}},
        ),
        row(
            "allow",
            Several("word"),
            f"What is lifted for good: {'; '.join(f'`{word}`, {lifts}' for word, lifts in WORDS.items())}.",
            ["last"],
            choices=tuple(WORDS),
        ),
        row("limits", LIMITS, LIMITS.description, {"maxPeople": 50}),
        row("lint", LINT, LINT.description, {"domains": ["example.com"]}),
    ),
)
ENVIRONMENT = Record(
    "an environment",
    "One environment.",
    (
        row(
            "fleet",
            "boolean",
            "True: its tenants stand in a fleet's file; it is used with `--fleet FILE --tenant NAME` only.",
            True,
        ),
        row(
            "tenantId",
            "guid",
            "The tenant; a token for another one stops everything.",
            "11111111-1111-1111-1111-111111111111",
        ),
        row(
            "authority",
            "text",
            "Of an External ID tenant: where people sign in, `https://NAME.ciamlogin.com`.",
            "https://contoso.ciamlogin.com",
            pattern=r"https://[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.ciamlogin\.com",
        ),
        row(
            "protected",
            "flag",
            "Asks for more before anything dangerous happens, and for pinned names.",
            True,
        ),
        row(
            "deployers",
            "names",
            "Who applies here, never removed as owner; a pinned service principal proves what it made. In a "
            "fleet `credential`: the client of the fleet.",
            ["myapp writer"],
            choices=(CREDENTIAL,),
            names=("user", "group", "servicePrincipal"),
        ),
        row(
            "ownDomains",
            Several("string"),
            "In a fleet: domains that are ours in every tenant; kinds of plans do not tell their hosts "
            "apart.",
            ["example.com"],
            pattern=r"([A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9-]*",
        ),
        row("variables", "variables", "What `${name}` stands for.", {"suffix": " (dev)"}),
        row("policy", POLICY, POLICY.description, {"allow": ["last"]}),
        row(
            "acknowledged",
            Mapped(Several(ACKNOWLEDGED), names=("application",)),
            "By our API: what others may hold there without a report each time.",
            {"api": [{"id": "5c1b2f7e-0000-4000-8000-000000000001", "application": ["Writer"]}]},
        ),
        row(
            "sinks",
            Mapped(SINK, keys=True),
            "Where secrets of this environment are kept, each in one place of its own; applications name "
            "them.",
            {"web": {"file": "/run/secrets/web"}},
        ),
        row(
            "overrides",
            Definition("overrides"),
            "Goes on top of what the files say: maps merge, scalars and lists replace, null clears.",
            {"applications": {"api": {"displayName": "MyApp API (prod)"}}},
        ),
    ),
)
