"""What a policy lets happen and what it refuses, line by line."""

from typing import Any

import pytest

from entra_emulator.callers import GRAPH_APP_ID
from entra_emulator.choices import Choices
from entra_emulator.grant_policies import ANYTHING
from entra_emulator.portal import policy_words
from entra_emulator.portal.policy_words import ALLOWED, OFF, REFUSED, PolicyLine

KEPT = "kept; the emulator does not act by it"
SECRET = {"restrictionType": "passwordAddition"}
REGISTERING, CONSENTING = "Registering an application, without a directory role", "Consenting for oneself"
ASKING = "Asking an administrator for a consent"


@pytest.mark.parametrize(
    ("choices", "lines"),
    [
        (
            Choices(user_consent_policies=("one", "two")),
            [(REGISTERING, ALLOWED, ""), (CONSENTING, ALLOWED, "to what these cover: one, two")],
        ),
        (
            Choices(users_may_register=False, users_may_consent=False),
            [(REGISTERING, REFUSED, ""), (CONSENTING, REFUSED, "")],
        ),
    ],
)
def test_what_people_may_do(choices: Choices, lines: list[tuple[str, str, str]]) -> None:
    """Without a directory role."""
    assert policy_words.of_authorization(choices) == [PolicyLine(*line) for line in lines]


@pytest.mark.parametrize(("allowed", "outcome"), [(True, ALLOWED), (False, REFUSED)])
def test_whether_people_may_ask(allowed: bool, outcome: str) -> None:
    """An administrator, for a consent."""
    choices = Choices(users_may_request_consent=allowed)
    assert policy_words.of_consent_requests(choices) == [PolicyLine(ASKING, outcome)]


@pytest.mark.parametrize(
    ("policy", "lines"),
    [
        ({}, []),
        ({"isEnabled": True, "restrictions": None}, []),
        (
            {"isEnabled": True, "applicationRestrictions": {"passwordCredentials": [SECRET]},
             "servicePrincipalRestrictions": {"passwordCredentials": [SECRET]}},
            [("Adding a client secret", REFUSED, "registrations"),
             ("Adding a client secret", REFUSED, "enterprise applications")],
        ),
        (
            {"isEnabled": False, "applicationRestrictions": {"passwordCredentials": [SECRET]}},
            [("Adding a client secret", OFF, "registrations")],
        ),
        (
            {"isEnabled": True, "applicationRestrictions": None, "servicePrincipalRestrictions": {
                "passwordCredentials": None, "keyCredentials": [{"restrictionType": "new"}]}},
            [("new", KEPT, "enterprise applications")],
        ),
        (
            {"isEnabled": True, "restrictions": {
                "passwordCredentials": [{**SECRET, "state": None}, {**SECRET, "state": "disabled"}],
                "applicationRestrictions": {"audiences": {"azureAdMultipleOrgs": {"state": "enabled"}}}}},
            [("Adding a client secret", REFUSED, ""), ("Adding a client secret", OFF, ""),
             ("An application for accounts of other tenants", REFUSED, "")],
        ),
        (
            {"isEnabled": True, "restrictions": {
                "passwordCredentials": [{"restrictionType": "passwordLifetime", "maxLifetime": "P1D"}],
                "keyCredentials": [{"restrictionType": "asymmetricKeyLifetime"}]}},
            [("A client secret that lives longer than P1D", REFUSED, ""),
             ("A certificate that lives longer than any", REFUSED, "")],
        ),
        (
            {"isEnabled": True, "applicationRestrictions": {"identifierUris": {
                "nonDefaultUriAddition": {
                    "restrictForAppsCreatedAfterDateTime": "2026-01-01", "excludeAppsReceivingV2Tokens": True,
                    "excludeSaml": True, "isStateSetByMicrosoft": True},
                "uriAdditionWithoutUniqueTenantIdentifier": None}}},
            [("An identifier URI other than api://CLIENT-ID", REFUSED,
              ("registrations, only where made since 2026-01-01, not where it takes version 2 tokens, "
              "not where it signs in by SAML, set by Microsoft"))],
        ),
    ],
)  # fmt: skip
def test_what_an_app_management_policy_refuses(
    policy: dict[str, Any], lines: list[tuple[str, str, str]]
) -> None:
    """Of applications and of enterprise applications; what is not in force, and what is kept alone."""
    assert policy_words.of_app_management(policy) == [PolicyLine(*line) for line in lines]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Consent to delegated permissions"),
        ({"permissionType": "application"}, "Consent to application permissions"),
        ({"permissionType": "other"}, "Consent to other"),
        (
            {"permissionType": "delegatedUserConsentable", "permissionClassification": "low"},
            "Consent to delegated permissions that need no administrator classified low",
        ),
        (
            {"resourceApplication": GRAPH_APP_ID.upper()},
            "Consent to delegated permissions of Microsoft Graph",
        ),
        ({"resourceApplication": "x"}, "Consent to delegated permissions of the API x"),
        (
            {"permissions": ["a", "b"], "clientApplicationTenantIds": ["t"]},
            "Consent to delegated permissions for scopes with the ids a, b for clients of the tenants t",
        ),
        (
            {"clientApplicationsFromVerifiedPublisherOnly": True},
            "Consent to delegated permissions for clients of verified publishers",
        ),
    ],
)
def test_to_what_a_permission_grant_policy_lets_somebody_consent(given: dict[str, Any], words: str) -> None:
    """What is any or all is not said; what is excluded is refused whatever else allows it."""
    policy = {**ANYTHING, **given}
    allowed, refused = (
        PolicyLine(words, ALLOWED),
        PolicyLine(words, REFUSED, "whatever is allowed above"),
    )
    assert policy_words.of_grants({"includes": [policy], "excludes": [policy]}) == [allowed, refused]
    assert policy_words.of_grants({"includes": None}) == []
