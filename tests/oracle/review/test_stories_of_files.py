"""Ways past a path restriction and a lock file, by name: each as it went, and the error that it is now."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from entra_emulator import seed
from tests.oracle.review import estate
from tests.oracle.review.story import CONTOSO, FENCE, Content, Story


@pytest.mark.parametrize("named", ["Shop API", {"displayName": "SHOP api"}, "by appId", "by id"])
def test_story_05_our_api_is_no_application_of_others(story: Story, named: Any) -> None:
    """A fenced file names our own API by its name, appId or object id, to make a person its Admin: an
    error, by every way.
    """
    story.applied()
    story.restricted()
    api = story.row("service_principals", "Shop API")
    named = (
        {"by appId": {"appId": api["appId"]}, "by id": {"id": api["id"]}}.get(named, named)
        if isinstance(named, str)
        else named
    )
    team = {
        "enterpriseApplications": {"billing-invoices": named},
        "appRoleAssignments": {"billing-invoices": {"Admin": {"users": ["mallory@contoso.com"]}}},
    }

    (reported,) = story.problems(team=team)
    assert reported.startswith(
        "team.yaml:2:3: enterprise application `billing-invoices` is `api` of this project: refer to "
        "it by that key"
    )


def test_story_06_a_fenced_file_takes_no_application(story: Story) -> None:
    """`billing-*` takes our API or an external application by its appId, or a former key outside: an
    error at the line.
    """
    story.apps["old-tool"] = {"type": "daemon", "displayName": "Old tool"}
    story.applied()
    del story.apps["old-tool"]
    story.restricted()
    estate.external(story.tenant.rows, "HR", "0")
    for name in ("Shop API", "HR"):
        thief = {"type": "api", "displayName": "Mine", "appId": story.row("applications", name)["appId"]}
        (reported,) = [
            each
            for each in story.problems(team={"applications": {"billing-x": thief}})
            if "team.yaml:5" in each
        ]
        assert (
            "`appId` of `billing-x` stands in a file with `mayDeclare`, and the lock file does not pin it"
            in reported
        )
    heir = {"type": "daemon", "displayName": "Mine", "previously": "old-tool"}
    (reported,) = story.problems(team={"applications": {"billing-x": heir}})
    assert reported.startswith(
        "team.yaml:5:5: `previously: old-tool` is outside of what this file may declare"
    )


def test_story_07_a_fenced_daemon_gets_no_role_of_ours(story: Story) -> None:
    """`adminConsent: true` at our API counts only for what the fence lists; asked by the API's appId it is
    an error, too.
    """
    story.applied()
    story.restricted()
    daemon: Content = {
        "type": "daemon",
        "displayName": "B",
        "apiPermissions": {"api": {"application": ["Admin"], "adminConsent": True}},
    }
    assert (
        "the consent to `api/Admin` counts only where the path restriction"
        in story.problems(team={"applications": {"billing-job": daemon}})[0]
    )
    daemon["apiPermissions"] = {
        story.row("applications", "Shop API")["appId"]: {"application": ["Admin"], "adminConsent": True}
    }
    assert (
        "is `api` of this project: refer to it by that key"
        in story.problems(team={"applications": {"billing-job": daemon}})[0]
    )

    story.root["files"][1]["mayDeclare"] = [*FENCE, "consents/api/Reader"]
    daemon["apiPermissions"] = {"api": {"application": ["Reader"], "adminConsent": True}}
    plan = story.plan(team={"applications": {"billing-job": daemon}})
    assert [each.text for each in plan.effects if each.type == "role"] == ["api/Reader ← billing-job"]


@pytest.mark.parametrize("char", ["\u2028", "\u2029", "\u0085", "\r"])
@pytest.mark.parametrize("file", ["main", "entra-config.dev.lock"])
def test_story_08_a_comment_declares_nobody(story: Story, char: str, file: str) -> None:
    """What ends a line for a parser and not for the eye is an error at its place, in a manifest and in a
    lock file.
    """
    hidden = {
        "main": "appRoleAssignments: { api: { Admin: { users: [mallory@contoso.com] } } }",
        "entra-config.dev.lock": f"users: {{ mallory@contoso.com: {CONTOSO} }}",
    }[file]
    content = {"main": story.main, "entra-config.dev.lock": story.lock}[file]
    shown = yaml.safe_dump(content, sort_keys=False) + f"# nothing to see {char}{hidden}\n"

    (reported,) = story.problems(**{file: shown})
    assert reported.startswith(f"{file}.yaml:{len(shown.split(chr(10))) - 1}:18: ")
    assert "lines end with LF or CRLF" in reported


def test_story_09_a_name_stands_once_in_a_lock_file(story: Story) -> None:
    """`Alice@contoso.com: MALLORY` above the untouched `alice@contoso.com:` wins nothing: it is an error
    with both places.
    """
    alice, mallory = (seed.fixed_id(CONTOSO, "user", f"{name}@contoso.com") for name in ("alice", "mallory"))
    story.lock["users"] = {"Alice@contoso.com": mallory, "alice@contoso.com": alice}

    (reported,) = story.problems()
    assert reported.startswith(
        "entra-config.dev.lock.yaml:4:3: `alice@contoso.com` is the user `Alice@contoso.com` at "
    )
