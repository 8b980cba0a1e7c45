"""Access tests, run: what passes, and of what fails the claim, the reason and the line of the manifest."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from entra_config.testing import places, text
from entra_config.testing.results import Miss, Results
from tests.unit.testing.conftest import MANIFEST, RunTests, Write

HEAD = """\
people:
  alice@contoso.com: { memberOf: [Clerks] }
  bob@contoso.com: {}
  carol@contoso.com: { memberOf: [Night shift] }
groups: { Night shift: { memberOf: [Bosses] } }
tests:
"""
GRID = "{ roles: [Clerk, Bos.All], alice@contoso.com: [x, .] }"
HANDED = ", secret: true, onBehalfOf: { client: page, asks: [api/read] }"


def one(
    expect: str,
    *,
    who: str = "alice@contoso.com",
    client: str = "page",
    asks: str = "api/read",
    more: str = "",
) -> str:
    """Return a file with one test."""
    return f"{HEAD}- {{ it: holds, as: {who}, client: {client}, asks: [{asks}], expect: {expect}{more} }}\n"


def misses(results: Results) -> tuple[Miss, ...]:
    """Return what the only test misses."""
    (result,) = results.results
    return result.misses


def line_of(words: str) -> int:
    """Return the line of the manifest that holds these words."""
    return next(number for number, each in enumerate(MANIFEST.splitlines(), 1) if words in each)


@pytest.mark.parametrize(
    "test",
    [
        one("{ token: { roles: [Clerk], scp: read } }"),
        one(
            "{ token: { roles: { contains: [Clerk] }, oid: alice@contoso.com, azp: page, aud: api, "
            "ver: 2.0 } }"
        ),
        one("{ token: { roles: [Clerk] } }", who="bob@contoso.com"),
        one("{ token: { roles: absent, scp: [read] } }", who="carol@contoso.com"),
        one("{ token: { roles: [] } }", who="{ memberOf: [] }"),
        one("{ token: { groups: [Clerks] } }", who="{ memberOf: [Clerks] }"),
        one("{ token: { groups: [Bosses, Night shift] } }", who="carol@contoso.com"),
        one(
            "{ token: {}, idToken: { roles: absent, preferred_username: alice@contoso.com } }",
            asks="openid, profile, api/read",
        ),
        one(
            "{ token: { roles: [Boss.All], scp: [read, write.all] } }",
            who="{ memberOf: [Bosses] }",
            client="site",
            more=", secret: true",
        ),
        one(
            "{ token: { scp: { contains: [write.all] } } }",
            client="site",
            asks="api/write",
            more=", secret: true",
        ),
        one("{ refused: AADSTS7000218 }", client="site"),
        one("{ refused: AADSTS7000222 }", client="site", more=", secret: { ends: 2026-11-24 }"),
        one("{ token: {} }", client="site", more=", secret: { ends: 2026-11-24 }, at: 2026-11-23"),
        one("{ refused: AADSTS65001 }", asks="api/write"),
        one("{ refused: AADSTS50057 }", who="{ memberOf: [Clerks], enabled: false }"),
        one("{ refused: AADSTS50011 }", more=", redirectUri: https://other.contoso.com/"),
        one("{ token: { aud: stock, scp: [see] } }", client="api", asks="stock/see", more=HANDED),
        one("{ refused: AADSTS65001 }", client="api", asks="stock/see", more=HANDED.replace("read", "write")),
    ],
)
def test_tokens_are_as_a_test_says(test: str, run_tests: RunTests) -> None:
    """Roles, scopes, groups, audiences and refusals, by every kind of client."""
    assert misses(run_tests(test)) == ()


OBJECT = "22222222-2222-2222-2222-222222222222"


@pytest.mark.parametrize(
    ("workload", "expect"),
    [
        (
            "issuer: https://ci.example.com, subject: main",
            "{ token: { roles: [Robot], scp: absent, azpacr: '2' } }",
        ),
        ("issuer: https://ci.example.com, subject: branch", "{ refused: AADSTS700213 }"),
        ("issuer: https://ci.example.com, subject: Main", "{ refused: AADSTS7002138 }"),
        ("issuer: https://other.example.com, subject: main", "{ refused: AADSTS700211 }"),
        ("issuer: https://ci.example.com, subject: main, audience: other", "{ refused: AADSTS700212 }"),
        ("github: { repository: a/b, branch: main }", "{ token: { roles: [Robot] } }"),
        ("github: { repository: a/b, branch: other }", "{ refused: AADSTS700213 }"),
        (
            "github: { repository: a/b, tag: v1 }, claims: { repository_id: '2' }",
            "{ token: { roles: [Robot] } }",
        ),
        ("github: { repository: a/b, tag: v1 }, claims: { repository_id: '3' }", "{ refused: AADSTS700213 }"),
        ("github: { repository: a/b, tag: v1 }", "{ refused: AADSTS700213 }"),
        ("github: { repository: a/c, tag: v1 }, claims: { repository_id: '2' }", "{ refused: AADSTS700213 }"),
        ("managedIdentity: { objectId: %s, tenantId: %s }" % (2 * (OBJECT,)), "{ refused: AADSTS700211 }"),
    ],
)
def test_a_workload_signs_in_with_keys_that_are_made_on_the_spot(
    workload: str, expect: str, run_tests: RunTests
) -> None:
    """What the federated credential says decides; the keys of the issuer are nobody's but the test's."""
    test = (
        f"tests:\n- {{ it: works, client: robot, workload: {{ {workload} }}, asks: [api/.default], "
        f"expect: {expect} }}"
    )

    assert misses(run_tests(test)) == ()


@pytest.mark.parametrize(
    ("test", "reported", "why", "words"),
    [
        (
            one("{ token: { roles: [Boss.All] } }"),
            "roles: expected Boss.All, the token has Clerk",
            (
                "Boss.All of Shop API is assigned neither to alice@contoso.com nor to a group with that "
                "direct member: Clerks."
            ),
            "Boss: { groups",
        ),
        (
            one("{ token: { roles: [Boss.All] } }", who="carol@contoso.com"),
            "roles: expected Boss.All, the token has nothing",
            (
                "carol@contoso.com is in Bosses through Night shift only: what is assigned to a group is "
                "its direct members'."
            ),
            "Boss: { groups",
        ),
        (
            one("{ token: { roles: absent } }", who="bob@contoso.com"),
            "roles: expected nothing, the token has Clerk",
            "Clerk: assigned directly.",
            "Clerk: { groups",
        ),
        (
            one("{ token: { scp: [read, write.all] } }"),
            "scp: expected read, write.all, the token has read",
            "Nobody consented to write.all for Page, and Shop API does not list it as authorized for that.",
            "api: { delegated: [read], adminConsent",
        ),
        (
            one("{ token: { roles: [Cleric] } }"),
            "roles: expected Cleric, the token has Clerk",
            "Shop API offers no role Cleric.",
            "  api:",
        ),
        (
            one("{ token: { groups: absent } }"),
            "groups: expected nothing, the token has Clerks",
            "groupMembershipClaims of Shop API is SecurityGroup.",
            "groupMembershipClaims",
        ),
        (
            one("{ refused: AADSTS50105 }"),
            "expected AADSTS50105, got a token with roles Clerk, scp read",
            "Clerk: through the group Clerks.",
            "Clerk: { groups",
        ),
        (
            one("{ refused: AADSTS650053 }", asks="api/write"),
            "expected AADSTS650053, got AADSTS65001",
            "Nobody consented to write.all of Shop API for Page.",
            "value: write.all",
        ),
        (
            one("{ refused: AADSTS650053 }"),
            "expected AADSTS650053, got a token with roles Clerk, scp read",
            "read: an administrator consented for everybody.",
            "read: { displayName: Read,",
        ),
        (
            one("{ token: {} }", asks="api/write"),
            "expected a token, got AADSTS65001",
            "Nobody consented to write.all of Shop API for Page.",
            "api: { delegated: [read], adminConsent",
        ),
    ],
)
def test_what_is_missed_has_its_reason_and_its_line(
    test: str, reported: str, why: str, words: str, run_tests: RunTests
) -> None:
    """The claim, the emulator's own reason, and the line of the manifest that decides it."""
    (miss,) = misses(run_tests(test))

    assert text.reported(miss) == reported
    assert any(why in each for each in miss.why), miss.why
    assert places.lines(miss.places)[0] == f"manifests/entra-config.yaml:{line_of(words)}"


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (
            one("{ token: {} }", client="pge"),
            "`client`: `pge` is no application of the manifest. Did you mean `page`?",
        ),
        (
            one("{ refused: AADSTS700016 }", client="pge"),
            "`client`: `pge` is no application of the manifest. Did you mean `page`?",
        ),
        (one("{ token: {} }", asks="api/raed"), "`asks`: `raed` is no scope of `api`. Did you mean `read`?"),
        (
            one("{ token: {} }", asks="apis/read"),
            "`asks`: `apis` is no API that the manifest knows. Did you mean `api`?",
        ),
        (one("{ token: {} }", asks="profil"), "`profil` is no OpenID scope"),
        (one("{ refused: AADSTS65001 }", who="{ memberOf: [Clerk] }"), "Did you mean `Clerks`?"),
        (one("{ token: {} }", client="site", more=", certificate: ci"), "`site` has no certificate `ci`."),
        (
            one("{ token: { role: absent } }"),
            "`role` is no claim of any token, so it is always absent. Did you mean `roles`?",
        ),
        (
            f"{HEAD}- {{ it: holds, client: page, asks: [api/read], grid: {GRID} }}\n",
            "`Bos.All` is no role of `api`. Did you mean `Boss.All`?",
        ),
    ],
)
def test_a_name_that_the_manifest_has_not_fails_the_test_whatever_it_expects(
    test: str, said: str, run_tests: RunTests
) -> None:
    """A typing error never passes for a refusal; the rest of the file is run all the same."""
    both = (
        f"{test}- {{ it: runs, as: bob@contoso.com, client: page, asks: [api/read], expect: {{ token: "
        "{} } }\n"
    )
    broken, fine = run_tests(both).results

    assert fine.passes
    assert said in broken.misses[0].why[0]
    assert broken.misses[0].places[0].file == "manifests/tests/a.yaml"


@pytest.mark.parametrize(
    ("test", "reported"),
    [
        (
            (
                "client: Billing, secret: true, asks: [api/.default], expect: { token: { roles: [Robot], "
                "scp: absent } }"
            ),
            "",
        ),
        (
            (
                "client: team/prod/worker, secret: true, asks: [api/.default], expect: { token: { roles: "
                "[Robot] } }"
            ),
            "",
        ),
        (
            "client: Billing, secret: true, asks: [api/.default], expect: { token: { roles: absent } }",
            "present",
        ),
        (
            "client: Billing, secret: true, asks: [stock/.default], expect: { token: { roles: [Robot] } }",
            "lacking",
        ),
    ],
)
def test_an_application_of_others_signs_in_by_the_name_that_it_has_there(
    test: str, reported: str, folder: Path, run_tests: RunTests
) -> None:
    """It gets the roles that `servicePrincipals` says, and no other; what is missed leads to the line that
    gives it.
    """
    more = "    Robot: { servicePrincipals: [Billing, team/prod/worker] }\n"
    (folder / "manifests/entra-config.yaml").write_text(MANIFEST + more)
    found = misses(run_tests(f"tests:\n- {{ it: holds, {test} }}\n"))
    assert bool(found) == bool(reported)
    if reported == "present":
        (line,) = {each.line for each in found[0].places}
        assert (MANIFEST + more).splitlines()[line - 1] == more.rstrip("\n")


def test_a_principal_of_others_gets_what_grants_says_of_it(folder: Path, run_tests: RunTests) -> None:
    """At an API of others it has the roles that the policy lets it have, and what the policy refuses is
    left out and said.
    """
    given = "grants: { Identity: { Microsoft Graph: { application: [User.Read.All, Mail.Read] } } }\n"
    policy = "policy: { consent: { Microsoft Graph: { application: [User.Read.All] } } }"
    text = MANIFEST.replace("111111111111 }", f"111111111111, {policy} }}") + given
    (folder / "manifests/entra-config.yaml").write_text(text)
    asks = "client: Identity, secret: true, asks: [Microsoft Graph/.default]"
    assert not misses(
        run_tests(f"tests:\n- {{ it: holds, {asks}, expect: {{ token: {{ roles: [User.Read.All] }} }} }}\n")
    )
    (missed,) = misses(
        run_tests(f"tests:\n- {{ it: holds, {asks}, expect: {{ token: {{ roles: [Mail.Read] }} }} }}\n")
    )
    assert {text.splitlines()[each.line - 1] for each in missed.places} == {given.rstrip("\n")}


def test_people_and_groups_are_in_the_world_of_their_own_file_alone(
    write: Write, run_tests: RunTests
) -> None:
    """What one file makes of a person changes nothing in another."""
    write(
        HEAD
        + (
            "- { it: first, as: alice@contoso.com, client: page, asks: [api/read], expect: { token: { "
            "roles: [Clerk] } } }\n"
        ),
        "b.yaml",
    )
    second = "people: { alice@contoso.com: { memberOf: [Bosses] } }\ntests:\n"
    second += (
        "- { it: second, as: alice@contoso.com, client: page, asks: [api/read], expect: { token: { "
        "roles: [Boss.All] } } }\n"
    )

    assert [result.passes for result in run_tests(second).results] == [True, True]


def test_nothing_outside_is_asked(run_tests: RunTests, monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket is made, and no credential of the environment is read: there is nobody to sign in to."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("somebody opens a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "bind", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for name in (
        "AZURE_CLIENT_SECRET",
        "AZURE_FEDERATED_TOKEN_FILE",
        "ENTRA_CONFIG_CREDENTIAL",
        "ENTRA_CONFIG_CLOUD",
    ):
        monkeypatch.setenv(name, "/nowhere")
    robot = (
        "- { it: works, client: robot, workload: { issuer: https://ci.example.com, subject: main }, "
        "asks: [api/.default], "
    )
    found = run_tests(one("{ token: {} }") + robot + "expect: { token: {} } }\n")

    assert [result.passes for result in found.results] == [True, True]


def test_what_the_tool_would_not_grant_is_left_out_and_said(folder: Path, run_tests: RunTests) -> None:
    """A consent that nobody lifted the limit of is no part of the world of the tests, in the plan's own
    words.
    """
    path = folder / "manifests/entra-config.yaml"
    dangerous = (
        "      Microsoft Graph: { application: [RoleManagement.ReadWrite.Directory], adminConsent: true }\n"
    )
    path.write_text(MANIFEST.replace("appRoleAssignments:", f"{dangerous}appRoleAssignments:"))
    robot = (
        "client: robot, workload: { issuer: https://ci.example.com, subject: main }, asks: [Microsoft "
        "Graph/.default]"
    )
    found = run_tests(f"tests:\n- {{ it: works, {robot}, expect: {{ token: {{ roles: absent }} }} }}\n")

    assert found.failed == ()
    assert any("RoleManagement.ReadWrite.Directory" in message for _, message in found.notes)


def test_a_disabled_role_stays_with_its_holders_and_a_disabled_scope_is_offered_to_nobody(
    folder: Path, run_tests: RunTests
) -> None:
    """What is declared so now was given before: the world of the tests is a tenant in which it stands, not
    one that begins.
    """
    path = folder / "manifests/entra-config.yaml"
    text = MANIFEST.replace("description: Clerks. }", "description: Clerks., isEnabled: false }")
    path.write_text(text.replace("value: write.all }", "value: write.all, isEnabled: false }"))
    requested = (
        "- { it: asks, as: bob@contoso.com, client: site, secret: true, asks: [api/write], expect: { "
        "refused: AADSTS650053 } }\n"
    )
    found = run_tests(one("{ token: { roles: [Clerk] } }", who="bob@contoso.com") + requested)

    assert [result.misses for result in found.results] == [(), ()]


@pytest.mark.faults
def test_a_large_manifest_waits_for_no_quota(folder: Path, run_tests: RunTests) -> None:
    """Graph's quotas are kept in a time that passes at once: for 800 applications somebody would wait for
    minutes.
    """
    texts = {"displayName": "R", "description": "R."}
    applications: dict[str, Any] = {}
    for number in range(400):
        uris = ["api://${appId}"]
        api = {
            "type": "api",
            "displayName": f"A{number}",
            "identifierUris": uris,
            "scopes": {"read": texts},
            "appRoles": {"R": texts},
        }
        requested = {f"a{number}": {"delegated": ["read"], "adminConsent": True}}
        page = {
            "displayName": f"S{number}",
            "redirectUris": [f"https://s{number}.contoso.com/"],
            "apiPermissions": requested,
        }
        applications |= {f"a{number}": api, f"s{number}": {"type": "spa", **page}}
    content = {
        "project": "p",
        "environments": {"dev": {"tenantId": "11111111-1111-1111-1111-111111111111"}},
        "applications": applications,
        "appRoleAssignments": {f"a{number}": {"R": {"groups": ["G"]}} for number in range(400)},
    }
    (folder / "manifests/entra-config.yaml").write_text(json.dumps(content))
    test = (
        "{ it: holds, as: { memberOf: [G] }, client: s0, asks: [a0/read], expect: { token: { roles: [R], "
        "scp: [read] } } }"
    )
    started = time.monotonic()

    assert run_tests(f"tests: [{test}]").failed == ()
    assert time.monotonic() - started < 60
