"""Who is told what: the findings that are of another severity or for other readers than their rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint.snippets import HEAD, linted, of_rule

WEB = "applications:\n  app:\n    type: web\n    displayName: App\n    redirectUris: [https://a.example.com/cb]\n"
API = "applications:\n  app:\n    type: api\n    displayName: App\n"
ROLE = "    appRoles: { R: { displayName: R, description: R., allowedMemberTypes: [User] } }\n"
TIER0 = "    apiPermissions: { Microsoft Graph: { application: [RoleManagement.ReadWrite.Directory] } }\n"
SCOPE = "    scopes: {{ {}: {{ displayName: S, description: S., whoCanConsent: adminsAndUsers }} }}\n"
UNLOCKED = "    properties: { servicePrincipalLockConfiguration: { isEnabled: false } }\n"
DEPLOYERS = HEAD.replace(" }\n", ", deployers: [Writer] }\n")


@pytest.mark.parametrize(
    ("rule", "text", "persona", "severity"),
    [
        ("sp-lock-missing", HEAD + WEB, "pedantic", "W"),
        (
            "sp-lock-missing",
            HEAD + WEB + "    signInAudience: AzureADMultipleOrgs\n" + UNLOCKED,
            "regular",
            "E",
        ),
        ("assignment-not-required", HEAD + WEB, "pedantic", "W"),
        ("assignment-not-required", HEAD + API + ROLE, "regular", "W"),
        ("assignment-not-required", HEAD + WEB + TIER0, "regular", "E"),
        ("owner-none", HEAD + WEB, "regular", "W"),
        ("owner-none", DEPLOYERS + WEB, "pedantic", "W"),
        ("exposed-scope-user-consent", HEAD + API + SCOPE.format("files.write"), "pedantic", "W"),
        ("exposed-scope-user-consent", HEAD + API + SCOPE.format("files.admin"), "regular", "W"),
        ("exposed-scope-user-consent", HEAD + API + SCOPE.format("Files.ReadWrite.All"), "regular", "W"),
        (
            "redirect-many",
            f"{HEAD}policy: {{ lint: {{ rules: {{ redirect-many: {{ most: 0 }} }} }} }}\n{WEB}",
            "pedantic",
            "I",
        ),
        ("logout-url-missing", HEAD + WEB, "auditor", "I"),
    ],
)
def test_each_is_told_to_whom_it_is_for(
    rule: str, text: str, persona: str, severity: str, tmp_path: Path
) -> None:
    """From the first persona on that it is for, and to none before."""
    (found,) = of_rule(linted(text, tmp_path), rule)
    heard = [
        name
        for name in ("regular", "pedantic", "auditor")
        if of_rule(linted(text, tmp_path, persona=name), rule)  # type: ignore[arg-type]  # the three personas
    ]

    assert (found.persona, found.severity, heard[0]) == (persona, severity, persona)


def test_a_policy_s_severity_is_heard_by_who_hears_that_severity(tmp_path: Path) -> None:
    """Information that the policy makes a warning is heard by everybody."""
    reported = (
        f"{HEAD}policy: {{ lint: {{ rules: {{ redirect-many: {{ most: 0, severity: W }} }} }} }}\n{WEB}"
    )
    (found,) = of_rule(linted(reported, tmp_path, persona="regular"), "redirect-many")

    assert found.severity == "W"
