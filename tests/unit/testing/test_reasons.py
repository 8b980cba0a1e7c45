"""What a failed test says beside the claim: why a token has not got something, in the emulator's own
words.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.testing import places
from entra_config.testing.results import Results
from tests.unit.testing.conftest import MANIFEST, RunTests

ROBOT = "client: robot, workload: { issuer: https://ci.example.com, subject: main }, asks: [api/.default]"
ALICE = "as: alice@contoso.com, client: page, asks: [openid, api/read]"
HEAD = "people: { alice@contoso.com: { memberOf: [Clerks] } }\ntests:\n"


def why(results: Results) -> tuple[str, ...]:
    """Return the reasons of the only test's only failure."""
    ((failure,),) = [result.failures for result in results.results]
    return failure.why


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (
            f"{ROBOT}, expect: {{ token: {{ roles: [Robot, Clerk] }} }}",
            "Clerk of Shop API is not assigned to Robot.",
        ),
        (
            f"{ROBOT}, expect: {{ token: {{ scp: [read] }} }}",
            "An application by itself has roles, and no scopes.",
        ),
        (
            f"{ROBOT}, expect: {{ token: {{ groups: [Clerks] }} }}",
            "An application by itself is in no group here.",
        ),
        (f"{ALICE}, expect: {{ token: {{ scp: [read, delete] }} }}", "Shop API offers no scope delete."),
        (
            f"{ALICE}, expect: {{ token: {{ groups: [Clerks, Bosses] }} }}",
            "alice@contoso.com is no member of Bosses.",
        ),
        (
            f"{ALICE}, expect: {{ idToken: {{ groups: [Clerks] }} }}",
            "groupMembershipClaims of Page is None: its tokens name no groups.",
        ),
        (f"{ALICE}, expect: {{ idToken: {{ roles: [Clerk] }} }}", "`Clerk` is not a role of `page`."),
        (
            f"{ALICE}, expect: {{ idToken: {{ name: Alice }} }}",
            "The client did not ask for the scope `profile`, or the user has none.",
        ),
        (
            f"{ALICE}, expect: {{ token: {{ acct: 0 }} }}",
            (
                "Not among the claims that every token has, and optionalClaims.accessToken of Shop API "
                "adds none."
            ),
        ),
        (
            f"{ALICE}, expect: {{ token: {{ ver: absent }} }}",
            "requestedAccessTokenVersion of Shop API decides",
        ),
        (f"{ALICE}, expect: {{ token: {{ azp: site }} }}", "The client that asked: Page."),
    ],
)
def test_what_is_not_there_has_a_reason(test: str, said: str, run_tests: RunTests) -> None:
    """Roles, scopes, groups and all other claims, of people and of applications."""
    found = why(run_tests(f"{HEAD}- {{ it: holds, {test} }}\n"))

    assert any(said in each for each in found), found


def test_an_api_of_version_1_is_named_by_its_key_too(folder: Path, run_tests: RunTests) -> None:
    """Its audience is the URI that the client asked for."""
    path = folder / "manifests/entra-config.yaml"
    path.write_text(
        MANIFEST.replace("displayName: Shop API\n", "displayName: Shop API\n    accessTokenVersion: 1\n")
    )
    found = run_tests(
        f"{HEAD}- {{ it: holds, {ALICE}, expect: {{ token: {{ aud: api, ver: '1.0', appid: page }} }} }}\n"
    )

    assert found.failed == ()


def test_others_apis_offer_what_the_manifest_asks_of_them(folder: Path, run_tests: RunTests) -> None:
    """A partner's API has the scope that is consented, and no other; an assignment there is a role of its
    tokens.
    """
    path = folder / "manifests/entra-config.yaml"
    environment = "dev: { tenantId: 11111111-1111-1111-1111-111111111111"
    consent = "policy: { consent: { partner: { delegated: [look] } } }"
    text = MANIFEST.replace(environment, f"{environment}, {consent}")
    requested = "      partner: { delegated: [look], adminConsent: true }\n"
    text = text.replace("      Microsoft Graph: {", f"{requested}      Microsoft Graph: {{")
    text = text.replace(
        "appRoleAssignments:\n", "appRoleAssignments:\n  partner: { Guest: { groups: [Clerks] } }\n"
    )
    path.write_text(
        text
        + (
            "enterpriseApplications:\n  partner: { displayName: Partner API, appId: "
            "77777777-7777-4777-8777-777777777777 }\n"
        )
    )
    line = (
        "- {{ it: {name}, as: alice@contoso.com, client: page, asks: [partner/{scope}], expect: {expect} }}\n"
    )
    found = run_tests(
        HEAD
        + line.format(name="looks", scope="look", expect="{ token: { scp: [look], roles: [Guest] } }")
        + line.format(name="touches", scope="touch", expect="{ refused: AADSTS650053 }")
    )

    assert [(result.test.name, result.failures) for result in found.results] == [
        ("looks", ()),
        ("touches", ()),
    ]
    assert found.notes == ()


def test_whom_the_manifest_names_by_id_alone_is_named_so_in_a_test(folder: Path, run_tests: RunTests) -> None:
    """A group without a name is one all the same."""
    group = "99999999-9999-4999-8999-999999999999"
    path = folder / "manifests/entra-config.yaml"
    path.write_text(MANIFEST.replace("groups: [Bosses]", f"groups: [{group}]"))
    test = (
        f"as: {{ memberOf: [{group}] }}, client: page, asks: [api/read], expect: {{ token: {{ roles: "
        "[Boss.All] } }"
    )

    assert run_tests(f"tests:\n- {{ it: holds, {test} }}\n").failed == ()


def test_an_application_that_is_adopted_is_in_the_world_of_its_tests(
    folder: Path, run_tests: RunTests
) -> None:
    """`appId:` of the manifest, or of a lock file, needs nothing that exists elsewhere."""
    path = folder / "manifests/entra-config.yaml"
    app_id = "88888888-8888-4888-8888-888888888888"
    path.write_text(MANIFEST.replace("displayName: Page\n", f"displayName: Page\n    appId: {app_id}\n"))
    lock = (
        "tenantId: 11111111-1111-1111-1111-111111111111\napplications:\n  api: { appId: "
        "66666666-6666-4666-8666-666666666666 }\n"
    )
    (folder / "manifests/entra-config.dev.lock.yaml").write_text(lock)
    found = run_tests(
        f"{HEAD}- {{ it: holds, {ALICE}, expect: {{ token: {{ azp: {app_id}, roles: [Clerk] }} }} }}\n"
    )

    assert found.failed == ()


def test_lines_are_told_once() -> None:
    """Two columns of a line are one line to look at."""
    from entra_config.errors import Position

    assert places.lines([Position("a", 1, 2), Position("a", 1, 9), Position("b", 1)]) == ("a:1", "b:1")
