"""The world of access tests: the manifest, applied by itself, with nothing outside and no other file."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.unit.testing.conftest import MANIFEST, RunTests, Write
from tests.unit.testing.one_test import HEAD, one


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

    assert [result.failures for result in found.results] == [(), ()]


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

    assert run_tests(f"tests: [{test}]").failed == ()
