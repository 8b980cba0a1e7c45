"""The fields of `settings:`: their keys, shapes and limits, a row each."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields.field import Field, Mapped, Record, row
from entra_config.manifest.targets import SECTIONS, TARGETS, Section

OPERATION = Record(
    "an operation",
    "What an operation of an API needs of its caller.",
    (
        row(
            "scopes",
            "strings",
            "Scopes that the client needs, all of them, when it calls for a person.",
            names=("scope",),
        ),
        row(
            "anyScope",
            "strings",
            "In place of `scopes`: scopes of which the client needs one.",
            names=("scope",),
        ),
        row("roles", "strings", "App roles of which the caller needs one.", names=("role",)),
        row(
            "applicationRoles",
            "strings",
            "App roles of which an application that calls for itself needs one in place of the scopes; "
            "without them none may, where scopes are needed.",
            names=("role",),
        ),
    ),
)
REQUEST = Record(
    "a request",
    "A request that is tried.",
    (
        row(
            "path",
            "path",
            "Path below `url`, from its slash, percent-encoded; a query may follow.",
            "/records",
            required=True,
        ),
        row(
            "method",
            "word",
            "GET unless it says otherwise.",
            choices=("GET", "POST", "PUT", "PATCH", "DELETE"),
        ),
        row(
            "operation",
            "string",
            "The operation that it is, of `operations`, which says what the caller needs; else the next "
            "three do.",
        ),
        row(
            "scopes",
            "strings",
            "Scopes that the client needs, all of them, when it calls for a person.",
            names=("scope",),
        ),
        row("roles", "strings", "App roles of which the caller needs one.", names=("role",)),
        row(
            "applicationRoles",
            "strings",
            "App roles of which an application that calls for itself needs one; it has no scopes.",
            names=("role",),
        ),
        row("body", "json", "What is sent, as JSON."),
        row("status", "number", "The status of success; 200 unless it says otherwise.", least=200, most=299),
    ),
)
# Each with the sections that have it.
FIELDS: tuple[tuple[tuple[Section, ...], Field], ...] = (
    (
        ("apis", "spas", "webs"),
        row(
            "url",
            "string",
            "Where it answers, without a slash at the end; https, or http on localhost.",
            "https://app.example.com",
        ),
    ),
    (
        ("spas", "webs"),
        row("api", "string", "The API that it calls, a key of `apis`.", "api", names=("client",)),
    ),
    (
        ("apis",),
        row("allowedOrigins", "strings", "Origins that may call besides those of `spas` that name this API."),
    ),
    (
        ("apis",),
        row(
            "allowedTenants",
            "guids",
            "Tenants by id whose tokens it takes besides its own's; with `signInAudience: "
            "AzureADMultipleOrgs`. Absent: those of its `signInAudienceRestrictions`.",
        ),
    ),
    (
        ("apis",),
        row(
            "jwtValidation",
            "boolean",
            "Whether the load balancer of `awsStack` refuses a token that is not good for this API, before "
            "it sees it; false unless it says so.",
        ),
    ),
    (
        ("apis",),
        row(
            "docsClient",
            "string",
            "The application that signs in on the API's own documentation page.",
            names=("client",),
        ),
    ),
    (
        ("apis",),
        row(
            "operations",
            Mapped(OPERATION),
            "What it does and what each needs, by name: one table from which the constants of the API and of "
            "its pages, and the requests, have it.",
        ),
    ),
    (
        ("apis",),
        row(
            "requests",
            Mapped(REQUEST),
            "Requests that the Postman collection sends and expects responses to, by name.",
        ),
    ),
)


def _record(section: Section) -> Record:
    """Return what is said of one application of a section: its fields, and a path for each file."""
    fields = tuple(each for sections, each in FIELDS if section in sections)
    halves = {"source": "Committed.", "values": "From the tenant, at deploy."}
    files = (
        row(each.key, "string", f"{each.description} {halves[each.half]}", each.example)
        for each in TARGETS
        if each.section == section
    )
    return Record(f"`{section}`", "What is written for one application.", (*fields, *files))


BY_SECTION: Mapping[Section, Record] = {section: _record(section) for section in SECTIONS}
_SAYS: Mapping[Section, str] = {
    "apis": "The APIs, by key of their application.",
    "spas": "The pages, by key of their application.",
    "webs": "Servers that sign in for a page, by key of their application.",
}
SETTINGS = Record(
    "`settings`",
    "What `entra-config settings` writes for the applications; paths are relative to the root file.",
    (
        row("folder", "string", "Where the values go.", "../output/settings/${environment}"),
        *(
            row(section, Mapped(BY_SECTION[section], keys=True, names=("application",)), _SAYS[section])
            for section in SECTIONS
        ),
    ),
)
