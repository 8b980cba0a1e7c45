"""Access tests, run: tokens and refusals by every kind of client, workload and application of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.testing.conftest import MANIFEST, RunTests
from tests.unit.testing.one_test import failures, one

HANDED = ", secret: true, onBehalfOf: { client: page, asks: [api/read] }"


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
    assert failures(run_tests(test)) == ()


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

    assert failures(run_tests(test)) == ()


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
    found = failures(run_tests(f"tests:\n- {{ it: holds, {test} }}\n"))
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
    assert not failures(
        run_tests(f"tests:\n- {{ it: holds, {asks}, expect: {{ token: {{ roles: [User.Read.All] }} }} }}\n")
    )
    (missed,) = failures(
        run_tests(f"tests:\n- {{ it: holds, {asks}, expect: {{ token: {{ roles: [Mail.Read] }} }} }}\n")
    )
    assert {text.splitlines()[each.line - 1] for each in missed.places} == {given.rstrip("\n")}
