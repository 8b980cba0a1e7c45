"""Each command that sets a repository, whole: its words, and the line that a person runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.bootstrap import github_settings
from entra_config.bootstrap.github_settings import Environment, HubSetting, HubState, HubWanted, Reviewer
from entra_config.errors import UsageError

PATH = "repos/o/r/environments"
WANTED = HubWanted(
    "o/r", ("prod",), (Reviewer("ann", 5), Reviewer("o/team", 7)), "t1", "", {"prod": "w1"}, pins=False
)
CLAIMS = "repos/o/r/actions/oidc/customization/sub"


def test_a_repository_in_which_nothing_is_set() -> None:
    """Hold the form of subjects, the environment with its reviewers and its branch, and each variable."""
    found = github_settings.settings(WANTED, github_settings.nothing(["prod"]))

    assert [each.says for each in found] == [
        "the subjects of all jobs say repo, context, job_workflow_ref",
        "environment prod: main only, reviewed by @ann, @o/team, never by whoever started it",
        "environment prod lets main in",
        "variable ENTRA_TENANT_ID: t1",
        "variable ENTRA_WRITER_CLIENT_ID of environment prod: w1",
    ]
    assert [" ".join(each.words) for each in found] == [
        (
            f"api -X PUT {CLAIMS} -F use_default=false -f include_claim_keys[]=repo "
            "-f include_claim_keys[]=context -f include_claim_keys[]=job_workflow_ref"
        ),
        (
            f"api -X PUT {PATH}/prod -F wait_timer=0 -F prevent_self_review=true "
            "-f reviewers[][type]=User -F reviewers[][id]=5 -f reviewers[][type]=Team -F reviewers[][id]=7 "
            "-F deployment_branch_policy[protected_branches]=false "
            "-F deployment_branch_policy[custom_branch_policies]=true"
        ),
        f"api -X POST {PATH}/prod/deployment-branch-policies -f name=main",
        "variable set ENTRA_TENANT_ID --body t1 --repo o/r",
        "variable set ENTRA_WRITER_CLIENT_ID --body w1 --env prod --repo o/r",
    ]
    assert found[3] == HubSetting(
        "variable ENTRA_TENANT_ID: t1", found[3].words, "gh variable set ENTRA_TENANT_ID --body t1 --repo o/r"
    )


def test_an_environment_for_pins_needs_nobody_who_reviews() -> None:
    """Hold that it lets main in alone, and is the last of all places."""
    wanted = replace(WANTED, environments=(), writers={}, tenant_id="", pins=True)
    (made, branch) = github_settings.settings(wanted, replace(github_settings.nothing([]), claims=None))

    assert (wanted.places, WANTED.places) == (("pins",), ("prod",))
    assert (made.says, branch.says) == ("environment pins: main only", "environment pins lets main in")
    assert " ".join(made.words) == (
        f"api -X PUT {PATH}/pins -F wait_timer=0 -F prevent_self_review=false "
        "-F deployment_branch_policy[protected_branches]=false "
        "-F deployment_branch_policy[custom_branch_policies]=true"
    )


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (
            Environment((), no_self_review=True, custom_branches=True, branches=("main",)),
            (
                "environment prod: main only, reviewed by @ann, @o/team, never by whoever started it; so "
                "far nobody reviews"
            ),
        ),
        (
            Environment((("User", 9),), no_self_review=True, custom_branches=False, branches=("main",)),
            "environment prod: main only, never by whoever started it; so far every branch gets in",
        ),
    ],
)
def test_what_is_there_is_completed(now: Environment, says: str) -> None:
    """Hold that who reviews already stays, and is not named."""
    state = HubState(None, {"prod": now}, None, {})
    assert [each.says for each in github_settings.settings(WANTED, state)] == [says]


def test_what_undoes_a_pipeline_is_said_in_words() -> None:
    """Hold each place by name, that what is not shown is not known, and that nothing is wrong by itself."""
    wide = Environment(branches=("main", "x", "y"))
    state = HubState(None, {"prod": wide, "other": wide}, {"ENTRA_WRITER_CLIENT_ID": "w"})

    assert github_settings.shadowing(WANTED, state) == [
        (
            "the variable ENTRA_WRITER_CLIENT_ID of the whole repository: every job has it; it belongs into "
            "each environment alone"
        ),
        "environment prod lets in x, y besides main",
    ]
    assert github_settings.shadowing(WANTED, HubState(None, {"prod": Environment(branches=("main",))})) == []
    assert github_settings.shadowing(WANTED, HubState()) == []


@pytest.mark.parametrize(
    ("text", "name", "kind", "path"),
    [
        ("@ann", "ann", "User", "users/ann"),
        ("ann-b_c", "ann-b_c", "User", "users/ann-b_c"),
        ("@o/team.x", "o/team.x", "Team", "orgs/o/teams/team.x"),
        ("a", "a", "User", "users/a"),
    ],
)
def test_a_reviewer_is_a_person_or_a_team(text: str, name: str, kind: str, path: str) -> None:
    """Hold what GitHub calls each, and where it says the id."""
    found = github_settings.reviewer(text)
    assert (found, found.kind, found.path) == (Reviewer(name), kind, path)


@pytest.mark.parametrize("text", ["", "@", "@-a", "@a-", "@o/", "@o/t/u", "a b"])
def test_who_is_neither_is_refused(text: str) -> None:
    """Hold what is expected."""
    with pytest.raises(UsageError) as refused:
        github_settings.reviewer(text)
    assert str(refused.value) == f"--reviewer {text}: expected @person or @organization/team"


REVIEW = {
    "type": "required_reviewers",
    "prevent_self_review": True,
    "reviewers": [{"type": "User", "reviewer": {"id": 5}}, {"type": "Team", "reviewer": {"id": "7"}}],
}


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ({}, Environment(branches=("main",))),
        (
            {
                "protection_rules": [REVIEW, {"type": "wait_timer", "wait_timer": 30}, {"type": "other"}],
                "deployment_branch_policy": {"custom_branch_policies": True},
            },
            Environment((("User", 5), ("Team", 7)), True, True, ("main",), 30),
        ),
        (
            {"protection_rules": None, "deployment_branch_policy": None},
            Environment(branches=("main",)),
        ),
        (
            {"protection_rules": [{"type": "required_reviewers"}, {"type": "wait_timer"}]},
            Environment(branches=("main",)),
        ),
    ],
)
def test_an_environment_is_read_as_github_has_it(response: dict[str, Any], expected: Environment) -> None:
    """Hold that a rule which is not there guards nothing."""
    assert github_settings.environment(response, ["main"]) == expected
