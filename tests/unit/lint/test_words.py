"""Names of scopes, roles and applications: rules compare complete words, and prefer what a part can do."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from entra_config.lint.model import View
from entra_config.lint.subject import Permission, Placed, SubjectRole, SubjectScope
from entra_config.lint.words import split_words
from entra_config.manifest.targets import ApiRequest, App, Operation, Targets
from tests.unit.lint.ruling import HERE, NOW, app, found
from tests.unit.lint.snippets import HEAD, linted, of_rule
from tests.unit.plan.estates import manifest

CASES = range(300)
# What a name may be made of, and the longer words that only contain a verb of power.
PLAIN = ("report", "file", "user", "order", "team", "invoice")
POWERFUL = ("manage", "delete", "admin", "impersonate", "full")
LONGER = (
    "managers",
    "management",
    "deleted",
    "admission",
    "badminton",
    "fulfillment",
    "undeletable",
    "townhall",
)
BRANDS = ("Azure AD", "Entra ID", "Office 365", "Outlook", "OneDrive", "SharePoint", "Microsoft")
NEAR_BRANDS = (
    "Azure Adventures",
    "Entra Idea",
    "Office 3650",
    "Outlooking Glass",
    "Onedrivers",
    "Sharepointer",
)


def spell(words: list[str], draw: random.Random) -> str:
    """Return words as one name, in a style that people use."""
    style = draw.choice(("camel", "pascal", ".", "_", "-", "upper"))
    if style == "camel":
        return words[0] + "".join(word.title() for word in words[1:])
    if style == "pascal":
        return "".join(word.title() for word in words)
    return "_".join(words).upper() if style == "upper" else style.join(words)


@pytest.mark.parametrize("seed", CASES)
def test_a_name_has_power_only_by_a_complete_word(seed: int) -> None:
    """Each scope, role and permission is reported exactly if one of its words is a verb of power."""
    draw = random.Random(seed)
    powerful = draw.random() < 0.5
    words = [draw.choice(PLAIN), draw.choice(POWERFUL if powerful else LONGER)]
    draw.shuffle(words)
    name = spell(words, draw)
    client = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    subject = app(
        scopes=(SubjectScope(name, True, True, HERE),),
        roles=(SubjectRole(name, name, ("User",), True, HERE, {"groups": (Placed("All Users", HERE),)}),),
        clients={client: (name,)},
    )
    assert bool(found("exposed-scope-user-consent", subject)) is powerful, name
    assert bool(found("role-held-by-everyone-group", subject)) is powerful, name
    assert bool(found("authorized-client-all-scopes", subject)) is powerful, name


@pytest.mark.parametrize("seed", range(100))
def test_a_name_looks_like_microsoft_only_by_complete_words(seed: int) -> None:
    """A product's name counts in any spelling; a longer word that begins like one does not."""
    draw = random.Random(seed)
    brand = draw.random() < 0.5
    name = draw.choice(BRANDS if brand else NEAR_BRANDS)
    name = draw.choice((name, name.replace(" ", "") if brand else name, name.upper())) + draw.choice(
        ("", " Sync", "-Login")
    )
    assert bool(found("name-looks-like-microsoft", app(name=name))) is brand, name


@pytest.mark.parametrize(
    ("description", "operations", "requests", "expected"),
    [
        # The name alone has power; everything else wins over it.
        ("", (), (), True),
        ("Reads the list of administrators.", (), (), False),
        ("Deletes records.", (), (), True),
        ("", (Operation("listRecords", roles=("Admin",)),), (), False),
        ("Reads.", (Operation("deleteRecord", roles=("Admin",)),), (), True),
        ("Reads.", (Operation("record", roles=("Other",)),), (), False),
        ("", (), (ApiRequest("records", "/records", roles=("Admin",)),), False),
        ("Reads.", (), (ApiRequest("records", "/records", "POST", application_roles=("Admin",)),), True),
    ],
)
def test_a_role_has_the_power_of_what_it_can_do(
    description: str, operations: tuple[Operation, ...], requests: tuple[ApiRequest, ...], expected: bool
) -> None:
    """Operations that need the role decide, then its description, then the words of its value."""
    role = SubjectRole(
        "Admin", "Admin", ("User",), True, HERE, {"groups": (Placed("All Users", HERE),)}, description
    )
    settings = Targets(apps=(App("app", "apis", "", (), operations=operations, requests=requests),))
    own = replace(manifest(), settings=settings)
    assert bool(found("role-held-by-everyone-group", app(roles=(role,)), own=own)) is expected


def test_a_scope_that_needs_a_role_too_has_no_power_alone() -> None:
    """The user's role decides what a delegated permission may do."""
    scope = app(scopes=(SubjectScope("records.manage", True, True, HERE),))
    for roles, expected in (((), True), (("Admin",), False)):
        operation = Operation("deleteRecord", ("records.manage",), roles=roles)
        settings = Targets(apps=(App("app", "apis", "", (), operations=(operation,)),))
        own = replace(manifest(), settings=settings)
        assert bool(found("exposed-scope-user-consent", scope, own=own)) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("RoleManagement.Read.Directory", False),
        ("DelegatedPermissionGrant.Read.All", False),
        ("AdministrativeUnit.Read.All", False),
        ("DeviceManagementApps.Read.All", False),
        ("AdministrativeUnit.ReadWrite.All", True),
        ("Mail.Send", True),
        ("full_access_as_app", True),
        ("Exchange.ManageAsApp", True),
    ],
)
def test_a_permission_of_microsoft_writes_by_its_operation(value: str, expected: bool) -> None:
    """The resource in front of the operation, as `RoleManagement`, changes nothing."""
    from entra_config.lint.power import Powers

    subject = app(permissions=(Permission("Microsoft Graph", "application", value),))
    assert bool(list(Powers(View(manifest(), (subject,), NOW)).writes(subject))) is expected


@pytest.mark.parametrize(
    ("uri", "domains", "expected"),
    [
        ("api://sub.contoso.com/api", ("contoso.com",), []),
        ("https://contoso.com/api", ("contoso.com",), []),
        ("api://sub.evil.example/api", ("contoso.com",), ["api://sub.evil.example/api"]),
        ("api://notcontoso.com/api", ("contoso.com",), ["api://notcontoso.com/api"]),
        ("api://sub.contoso.com/api", (), []),
        ("api://api", ("contoso.com",), ["api://api"]),
    ],
)
def test_an_identifier_uri_below_a_verified_domain_is_bound(
    uri: str, domains: tuple[str, ...], expected: list[str]
) -> None:
    """Graph accepts api:// and https:// below a verified domain."""
    facts = {"verifiedDomains": tuple({"name": name} for name in domains)}
    subject = app(identifier_uris=(Placed(uri, HERE),))
    assert found("identifier-uri-insecure", subject, facts=facts) == expected


def test_an_application_that_is_created_locked_is_not_reported(tmp_path: Path) -> None:
    """Only what turns the lock off at creation is an error of the manifest."""
    text = """\
applications:
  app:
    type: web
    displayName: App
    redirectUris: [https://app.example.com/callback]
    signInAudience: AzureADMultipleOrgs
"""
    off = f"{text}    properties: {{ servicePrincipalLockConfiguration: {{ isEnabled: false }} }}\n"
    assert of_rule(linted(HEAD + text, tmp_path), "sp-lock-missing") == []
    assert [each.severity for each in of_rule(linted(HEAD + off, tmp_path), "sp-lock-missing")] == ["E"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ManagementReportReader", ("management", "report", "reader")),
        ("managers.read", ("managers", "read")),
        ("HTTPServer2Go", ("http", "server", "2", "go")),
        ("ÄnderungsLeser", ("änderungs", "leser")),
        ("", ()),
    ],
)
def test_words_end_at_capitals_digits_and_separators(name: str, words: tuple[str, ...]) -> None:
    """Hold each boundary."""
    assert split_words(name) == words
