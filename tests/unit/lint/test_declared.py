"""What a manifest declares as rules see it: each list whole, each item at its place in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import Position
from entra_config.lint.subject import (
    LintSubject,
    Permission,
    Placed,
    Redirect,
    SubjectOwner,
    SubjectRole,
    SubjectScope,
)
from tests.unit.lint.declaring import API, EXTERNAL, GRAPH, OTHER, TEXT, of_text, place
from tests.unit.lint.snippets import HEAD


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LintSubject]:
    """Return the applications of the manifest by key."""
    return of_text(TEXT, tmp_path_factory.mktemp("declared"))


def test_an_application_bears_its_names_and_the_place_of_its_key(subjects: dict[str, LintSubject]) -> None:
    """Hold key, display name, type, appId and position of each, in the order of the file."""
    assert [(each.key, each.name, each.type, each.app_id, each.position) for each in subjects.values()] == [
        ("api", "API", "api", API, place("api:")),
        ("mcp", "MCP", "api", EXTERNAL.lower(), place("mcp:")),
        ("web", "Web", "web", "", place("web:\n", "MCP")),
        ("spa", "Spa", "spa", "", place("spa:\n")),
    ]


def test_redirect_uris_stand_on_their_platform(subjects: dict[str, LintSubject]) -> None:
    """Hold that each has its own place, and the path by which an edit finds its list."""
    assert (subjects["web"].redirects, subjects["spa"].redirects, subjects["api"].redirects) == (
        (
            Redirect(
                "web",
                "https://a.example.com/",
                place("https://a."),
                ("applications", "web", "platforms", "web"),
            ),
            Redirect(
                "spa",
                "https://b.example.com/",
                place("https://b."),
                ("applications", "web", "platforms", "spa"),
            ),
        ),
        (
            Redirect(
                "spa", "https://c.example.com/", place("https://c."), ("applications", "spa", "redirectUris")
            ),
        ),
        (),
    )


def test_identifier_uris_stand_where_they_are_written(subjects: dict[str, LintSubject]) -> None:
    """Hold that the address of an MCP server, which nobody writes twice, stands at `mcp`."""
    assert subjects["api"].identifier_uris == (Placed("api://api", place('"api://')),)
    assert subjects["mcp"].identifier_uris == (Placed("https://mcp.example.com/a", place("mcp:\n      url")),)
    assert subjects["mcp"].mcp == Placed("https://mcp.example.com/a", place("url: https://mcp"))
    assert subjects["web"].mcp is None


def test_scopes_say_whether_people_may_consent(subjects: dict[str, LintSubject]) -> None:
    """Hold that a scope for administrators is none for people, and a disabled one is not enabled."""
    assert subjects["api"].scopes == (
        SubjectScope(
            "read", user_consent=True, enabled=True, position=place("read:"), description="R Reads. R Reads."
        ),
        SubjectScope(
            "write", user_consent=False, enabled=False, position=place("write:"), description="A Writes."
        ),
    )


def test_roles_say_who_holds_them(subjects: dict[str, LintSubject]) -> None:
    """Hold who is named at `appRoleAssignments`, and each client of ours that asks for the role."""
    assert subjects["api"].roles == (
        SubjectRole(
            "Reader",
            "Reader",
            ("User", "Application"),
            enabled=True,
            position=place("Reader:"),
            held={
                "users": (Placed("bob@example.com", place("bob@example")),),
                "groups": (Placed("Team", place("Team")),),
                "applications": (
                    Placed("web", place("api:\n        delegated")),
                    Placed("Nightly", place("Nightly")),
                ),
            },
            description="R Reads.",
        ),
        SubjectRole(
            "Gone",
            "Gone",
            ("Application",),
            enabled=False,
            position=place("Gone:"),
            held={"applications": (Placed("web", place("api:\n        delegated")),)},
            description="G Was.",
        ),
    )


def test_permissions_say_what_is_asked_and_what_is_consented(subjects: dict[str, LintSubject]) -> None:
    """Hold each of each API at its word; what is only consented comes behind, by name."""

    def other(kind: str, value: str, begin: str) -> Permission:
        return Permission(
            "other",
            kind,  # type: ignore[arg-type]  # one of the two kinds
            value,
            app_id=OTHER,
            requested=False,
            consented=True,
            position=place(value, begin),
        )

    begin = "api:\n        delegated"
    assert subjects["web"].permissions == (
        Permission("api", "delegated", "read", own=True, consented=True, position=place("read", begin)),
        Permission("api", "delegated", "write", own=True, consented=False, position=place("write", begin)),
        Permission("api", "application", "Reader", own=True, consented=True, position=place("Reader", begin)),
        Permission("api", "application", "Gone", own=True, consented=False, position=place("Gone", begin)),
        Permission(GRAPH, "delegated", "User.Read", app_id=GRAPH, position=place("User.Read]")),
        Permission(GRAPH, "application", "User.Read.All", app_id=GRAPH, position=place("User.Read.All")),
        Permission("other", "application", "Job", app_id=OTHER, consented=True, position=place("Job")),
        *(other("delegated", value, "delegated: [z") for value in ("a.read", "b.read", "g.read", "z.read")),
        *(
            other("application", value, "application: [Job, Z")
            for value in ("Alpha", "Beta", "Gamma", "Zeta")
        ),
        Permission("second", "delegated", "x", consented=True, position=place("x]")),
        Permission("second", "application", "Y", consented=False, position=place("Y]")),
    )


@pytest.mark.parametrize(
    "consent",
    ["adminConsent: [read, Reader, write]", "adminConsent: { delegated: [write], application: [] }"],
)
def test_what_is_only_consented_stands_where_it_is_written(consent: str, tmp_path: Path) -> None:
    """Hold its place in a list of both kinds, as in one by kind."""
    begin = "adminConsent: { delegated: [read], application: [Reader] }"
    text = TEXT.replace("delegated: [read, write]", "delegated: [read]").replace(begin, consent)
    (found,) = (
        each
        for each in of_text(text, tmp_path)["web"].permissions
        if each.api == "api" and not each.requested
    )
    at = text.index("write", text.index(consent))
    assert (found.value, found.position) == (
        "write",
        Position("entra-config.yaml", text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)),
    )


def test_clients_without_consent_stand_under_the_key_that_rules_know(
    subjects: dict[str, LintSubject],
) -> None:
    """Hold that ours stand by key, others by appId in lower case, clients of an MCP server at `mcp`."""
    api, mcp = subjects["api"], subjects["mcp"]
    azure, code = "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "aebc6443-996d-45c2-90f0-388ff96faa56"

    assert api.clients == {
        "web": ("read",),
        azure: ("write",),
        OTHER: ("read",),
        EXTERNAL.lower(): ("read", "write"),
    }
    assert api.client_positions == {
        "web": place("web: [read]"),
        azure: place("Microsoft Azure CLI"),
        OTHER: place("other: [read]"),
        EXTERNAL.lower(): place(EXTERNAL),
    }
    assert mcp.clients == {code: ("read",)}
    assert mcp.client_positions == {code: place("mcp:\n      url")}
    assert (subjects["web"].clients, subjects["web"].client_positions) == ({}, {})


def test_owners_are_who_their_names_say(subjects: dict[str, LintSubject]) -> None:
    """Hold that a principal name is a user, an id alone nobody knows, another name a service principal;
    a user is a guest by the mark in the name, and is not known to be none without it.
    """
    assert subjects["api"].owners == (
        SubjectOwner("alice@example.com", "user", position=place("alice@")),
        SubjectOwner("bob_partner.com#ext#@example.com", "user", guest=True, position=place("bob_partner")),
        SubjectOwner(OTHER, "unknown", OTHER, position=place(OTHER)),
        SubjectOwner("Pipeline", "servicePrincipal", position=place("Pipeline")),
        SubjectOwner("Named", "servicePrincipal", API, position=place("{ name: Named")),
    )
    assert (subjects["mcp"].owners, subjects["web"].owners) == ((), None)


APIS = "settings: {{ apis: {{ {key}: {{ url: 'https://a.example.com', allowedTenants: [{id}] }} }} }}\n"
TENANTS = "818ce016-78c2-457c-91d7-c02c2faaa5fe"


@pytest.mark.parametrize(
    ("more", "settings", "limited"),
    [
        ("", "", {"api": False, "mcp": False}),
        (
            f"    signInAudienceRestrictions: {{ allowedTenants: [{TENANTS}] }}\n",
            "",
            {"api": True, "mcp": False},
        ),
        ("", APIS.format(key="api", id=TENANTS), {"api": True, "mcp": False}),
    ],
    ids=["by nothing", "by its registration", "by the settings of its API"],
)
def test_a_list_of_tenants_limits_the_application_it_is_of(
    more: str, settings: str, limited: dict[str, bool], tmp_path: Path
) -> None:
    """Hold that either list does, and that another application is as open as before."""
    text = TEXT.replace("AzureADMultipleOrgs\n", f"AzureADMultipleOrgs\n{more}") + settings
    found = of_text(text, tmp_path)

    assert {key: found[key].limited for key in limited} == limited


def test_workloads_stand_with_their_fields(tmp_path: Path) -> None:
    """Hold issuer, subject, audience and expression of each form, and where each word of it stands."""
    text = (
        HEAD
        + """\
applications:
  job:
    type: daemon
    displayName: Job
    federatedCredentials:
      plain: { issuer: "https://oidc.example.com/", subject: job, audience: api://other }
      deploy: { github: { repository: a/b, environment: dev } }
"""
    )
    (job,) = of_text(text, tmp_path).values()

    assert [
        (each.name, each.issuer, each.subject, each.audience, each.expression) for each in job.federated
    ] == [
        ("plain", "https://oidc.example.com/", "job", "api://other", ""),
        (
            "deploy",
            "https://token.actions.githubusercontent.com",
            "repo:a/b:environment:dev",
            "api://AzureADTokenExchange",
            "",
        ),
    ]
    assert [str(each.position) for each in job.federated] == [
        "entra-config.yaml:9:7",
        "entra-config.yaml:10:7",
    ]
    assert str(job.federated[0].spot("subject")) == "entra-config.yaml:9:62"
    assert str(job.federated[1].spot("repository")) == "entra-config.yaml:10:39"
