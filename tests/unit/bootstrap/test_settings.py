"""What is set in GitHub: only what is not so yet, and nothing that is stricter already is taken back."""

from __future__ import annotations

from dataclasses import replace

from entra_config.bootstrap import github_settings
from entra_config.bootstrap.github import CLAIMS
from entra_config.bootstrap.github_settings import Environment, HubState, HubWanted, Reviewer

WANTED = HubWanted(
    "example/myapp", ("prod",), (Reviewer("example/platform", 77),), "t1", "r1", {"prod": "w1"}
)
DONE = Environment((("Team", 77),), no_self_review=True, custom_branches=True, branches=("main",))
STATE = HubState(
    CLAIMS,
    {"prod": DONE, "pins": Environment(custom_branches=True, branches=("main",))},
    {github_settings.TENANT: "t1", github_settings.READER: "r1"},
    {"prod": {github_settings.WRITER: "w1"}},
)


def says(state: HubState, wanted: HubWanted = WANTED) -> list[str]:
    """Return what is set."""
    return [each.says for each in github_settings.settings(wanted, state)]


def test_nothing_is_left_where_all_is_so() -> None:
    """Running it again sets nothing."""
    assert says(STATE) == []


def test_each_part_is_set_alone() -> None:
    """What is missing is one command, or two of an environment that is not there."""
    assert len(says(replace(STATE, claims=()))) == 1
    assert len(says(replace(STATE, variables={}))) == 2
    assert len(says(replace(STATE, environment_variables={"prod": {}}))) == 1
    assert len(says(replace(STATE, environments={"prod": DONE}))) == 2
    assert len(says(github_settings.nothing(["prod"]))) == 8


def test_what_was_before_is_said() -> None:
    """The form of subjects is one for the whole repository: who relies on it must hear of it."""
    (said,) = says(replace(STATE, claims=("repository_owner",)))

    assert said.endswith("; so far they say repository_owner")


def test_the_value_that_a_variable_has_is_said() -> None:
    """Whoever says yes sees what is lost."""
    state = replace(STATE, variables={github_settings.TENANT: "t0", github_settings.READER: "r1"})
    assert says(state) == ["variable ENTRA_TENANT_ID: t1; so far it is t0"]
    state = replace(STATE, environment_variables={"prod": {github_settings.WRITER: ""}})
    assert says(state) == ["variable ENTRA_WRITER_CLIENT_ID of environment prod: w1; so far it is empty"]


def test_what_an_environment_is_so_far_is_said() -> None:
    """A guard that was lower is named as what it was."""
    (said,) = says(
        replace(STATE, environments={**STATE.environments, "prod": Environment(branches=("main",))})
    )

    assert said.endswith("; so far every branch gets in, nobody reviews, whoever starts a run may approve it")


def test_only_what_an_environment_lacks_is_said() -> None:
    """Each guard by itself; whoever is asked for nothing is told nothing of reviewers."""

    def lacking(name: str, environment: Environment) -> str:
        (said,) = says(replace(STATE, environments={**STATE.environments, name: environment}))
        return said.partition("; so far ")[2]

    assert lacking("prod", replace(DONE, no_self_review=False)) == "whoever starts a run may approve it"
    assert lacking("prod", replace(DONE, reviewers=())) == "nobody reviews"
    assert lacking("pins", Environment(branches=("main",))) == "every branch gets in"


def test_who_reviews_already_and_a_wait_stay() -> None:
    """An environment that somebody set up is completed, not replaced."""
    held = Environment(
        (("User", 5), ("Team", 6)), no_self_review=False, custom_branches=True, branches=("main",), wait=30
    )
    (setting,) = github_settings.settings(
        WANTED, replace(STATE, environments={**STATE.environments, "prod": held})
    )

    assert "wait_timer=30" in setting.words
    assert [word for word in setting.words if word.startswith("reviewers[][id]=")] == [
        "reviewers[][id]=5",
        "reviewers[][id]=6",
    ]
    assert "prevent_self_review=true" in setting.words


def test_what_cannot_be_seen_is_not_set() -> None:
    """Nobody writes over what he may not read."""
    assert says(HubState(None, None, None, {"prod": None})) == []


def test_a_line_asks_for_the_id_that_nobody_knows() -> None:
    """Without `gh` the printed command looks the reviewer up itself."""
    wanted = replace(WANTED, reviewers=(Reviewer("example/platform"), Reviewer("ann")))
    lines = [each.line for each in github_settings.settings(wanted, github_settings.nothing(["prod"]))]
    (line,) = [line for line in lines if "reviewers" in line]

    assert '"reviewers[][id]=$(gh api orgs/example/teams/platform --jq .id)"' in line
    assert '"reviewers[][id]=$(gh api users/ann --jq .id)"' in line
    assert line.index("teams/platform") < line.index("users/ann")
