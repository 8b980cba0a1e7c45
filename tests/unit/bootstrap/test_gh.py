"""What GitHub's own command line answers, read: what is set, what nobody may see, and who reviews."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest

from entra_config.bootstrap import gh as hub
from entra_config.bootstrap.gh import Gh, UnseenError
from entra_config.bootstrap.github_settings import Environment, HubState, Reviewer
from entra_config.errors import UsageError
from tests.unit.bootstrap.stubbed_gh import GONE, HIDDEN, Done, stubbed

BASE = "repos/example/app"


def test_what_a_repository_is_set_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims, environments with their branches, and variables of the repository and of each environment."""
    stub = stubbed(
        monkeypatch,
        {
            f"{BASE}/actions/oidc/customization/sub": {
                "use_default": False, "include_claim_keys": ["repo", "context"]
            },
            f"{BASE}/environments/dev": {
                "protection_rules": [
                    {
                        "type": "required_reviewers",
                        "prevent_self_review": True,
                        "reviewers": [{"type": "User", "reviewer": {"id": 7}}],
                    },
                    {"type": "wait_timer", "wait_timer": 5},
                ],
                "deployment_branch_policy": {"custom_branch_policies": True},
            },
            f"{BASE}/environments/dev/deployment-branch-policies?per_page=100": {
                "branch_policies": [{"name": "main"}, {"name": "release"}]
            },
            f"{BASE}/environments/pins": {},
            f"{BASE}/actions/variables/ENTRA_TENANT_ID": {"value": "t1"},
            f"{BASE}/actions/variables/ENTRA_WRITER_CLIENT_ID": {"value": "w0"},
            f"{BASE}/environments/dev/variables/ENTRA_WRITER_CLIENT_ID": {"value": "w1"},
        },
    )  # fmt: skip

    assert hub.state(Gh("gh"), "example/app", ["dev", "prod"]) == HubState(
        ("repo", "context"),
        {
            "dev": Environment((("User", 7),), True, True, ("main", "release"), 5),
            "pins": Environment(),
        },
        {"ENTRA_TENANT_ID": "t1", "ENTRA_WRITER_CLIENT_ID": "w0"},
        {"dev": {"ENTRA_WRITER_CLIENT_ID": "w1"}, "prod": {}},
    )
    assert all(words[:2] == ["gh", "api"] for words in stub.calls)
    assert [words[2].removeprefix(BASE) for words in stub.calls] == [
        "/actions/oidc/customization/sub",
        "/environments/dev/variables/ENTRA_WRITER_CLIENT_ID",
        "/environments/prod/variables/ENTRA_WRITER_CLIENT_ID",
        "/environments/dev",
        "/environments/dev/deployment-branch-policies?per_page=100",
        "/environments/prod",
        "/environments/pins",
        "/environments/pins/deployment-branch-policies?per_page=100",
        "/actions/variables/ENTRA_TENANT_ID",
        "/actions/variables/ENTRA_READER_CLIENT_ID",
        "/actions/variables/ENTRA_WRITER_CLIENT_ID",
    ]


@pytest.mark.parametrize(
    ("subject", "claims"),
    [
        (GONE, ()),
        ({}, ()),
        ({"include_claim_keys": ["repo"]}, ()),
        ({"use_default": True, "include_claim_keys": ["repo"]}, ()),
        ({"use_default": False, "include_claim_keys": None}, ()),
        ({"use_default": False}, ()),
        ({"use_default": False, "include_claim_keys": ["repo"]}, ("repo",)),
        (HIDDEN, None),
    ],
)
def test_claims_are_the_repository_s_own(
    monkeypatch: pytest.MonkeyPatch, subject: Any, claims: tuple[str, ...] | None
) -> None:
    """GitHub's default has none that count; what nobody may see is not known."""
    stubbed(monkeypatch, {f"{BASE}/actions/oidc/customization/sub": subject})
    assert hub.state(Gh("gh"), "example/app", []).claims == claims


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        ("environments/dev", HubState((), None, {}, {"dev": {}})),
        ("environments/pins", HubState((), None, {}, {"dev": {}})),
        ("actions/variables/ENTRA_READER_CLIENT_ID", HubState((), {}, None, {"dev": {}})),
        ("environments/dev/variables/ENTRA_WRITER_CLIENT_ID", HubState((), {}, {}, {"dev": None})),
    ],
)
def test_what_nobody_may_see_is_not_known(
    monkeypatch: pytest.MonkeyPatch, hidden: str, expected: HubState
) -> None:
    """All else is, and none is taken for empty because it is hidden."""
    stubbed(monkeypatch, {f"{BASE}/{hidden}": HIDDEN})
    assert hub.state(Gh("gh"), "example/app", ["dev"]) == expected


def test_reviewers_have_the_ids_that_github_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's and a team's, in the order in which they were named."""
    stubbed(monkeypatch, {"users/ann": {"id": 7}, "orgs/example/teams/ops": {"id": 8}})
    named = [Reviewer("example/ops"), Reviewer("ann")]
    assert hub.known(Gh("gh"), named) == (Reviewer("example/ops", 8), Reviewer("ann", 7))
    with pytest.raises(UsageError, match=r"^--reviewer @bob: GitHub knows no such user$"):
        hub.known(Gh("gh"), [Reviewer("bob")])
    with pytest.raises(UsageError, match=r"^--reviewer @example/x: GitHub knows no such team$"):
        hub.known(Gh("gh"), [Reviewer("example/x")])


def test_what_github_shows_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something, nothing, and what it does not show to whoever is signed in."""
    stubbed(monkeypatch, {"here": {"a": 1}, "hidden": HIDDEN})
    gh = Gh("gh")
    assert [gh.seen(path) for path in ("here", "gone", "hidden")] == [
        (True, {"a": 1}), (True, None), (False, None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("out", "err", "said"),
    [(" it is on stdout\n", "\n", "it is on stdout"), ("out", " it is on stderr\n", "it is on stderr")],
)
def test_what_gh_complains_of_is_quoted(
    monkeypatch: pytest.MonkeyPatch, out: str, err: str, said: str
) -> None:
    """Of stderr first, else of stdout, with the command before it."""
    monkeypatch.setattr(subprocess, "run", lambda words, **_: Done(words, 1, out, err))
    with pytest.raises(UsageError, match=rf"^gh api a/b: {said}$") as refused:
        Gh("gh").get("a/b")
    assert not isinstance(refused.value, UnseenError)
    with pytest.raises(UsageError, match=rf"^gh variable set: {said}$"):
        Gh("gh").run(["variable", "set"])


def test_what_sets_something_runs_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Word for word; a program that is not there or hangs is an error with its command."""
    calls: list[list[str]] = []

    def run(words: list[str], **_: Any) -> Done:
        calls.append(words)
        return Done(words, 0, "", "gh: a notice")

    monkeypatch.setattr(subprocess, "run", run)
    Gh("/bin/gh").run(["variable", "set", "A", "--body", "b c"])
    assert calls == [["/bin/gh", "variable", "set", "A", "--body", "b c"]]

    for error in (FileNotFoundError(2, "No such file"), subprocess.TimeoutExpired("gh", 60)):

        def fail(_: Any, failure: Exception = error, **__: Any) -> Done:
            raise failure

        monkeypatch.setattr(subprocess, "run", fail)
        with pytest.raises(UsageError, match=re.escape(f"gh api x: {error}")):
            Gh("gh").get("x")


@pytest.mark.parametrize(
    ("path", "code", "expected"), [(None, 0, None), ("/bin/gh", 0, Gh("/bin/gh")), ("/bin/gh", 1, None)]
)
def test_gh_is_used_where_somebody_is_signed_in(
    monkeypatch: pytest.MonkeyPatch, path: str | None, code: int, expected: Gh | None
) -> None:
    """Where it is not installed nobody looks."""
    monkeypatch.setattr("shutil.which", lambda name: path if name == "gh" else None)
    monkeypatch.setattr(subprocess, "run", lambda words, **_: Done(words, code, "", ""))
    assert hub.found() == expected
