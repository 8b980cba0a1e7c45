"""Which repository on GitHub bootstrap is about, who may set it, and who approves in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entra_config.bootstrap import codeowners, gh, github_hub
from entra_config.bootstrap.checkout import Checkout
from entra_config.bootstrap.gh import Gh
from entra_config.bootstrap.github import Repository
from entra_config.bootstrap.github_hub import Hub, HubName
from entra_config.bootstrap.github_settings import Reviewer
from entra_config.errors import UsageError
from tests.unit.bootstrap.stubbed_gh import HIDDEN, stubbed

NAME = "example/app"
GH = Gh("gh")
SUBJECTS = f"repos/{NAME}/actions/oidc/customization/sub"
SHOWN = {"full_name": NAME, "id": 7, "owner": {"id": 5}, "permissions": {"admin": True}}
OURS = Repository(NAME, "repo:example@5/app@7")


def found(monkeypatch: pytest.MonkeyPatch, responses: dict[str, Any] | None) -> None:
    """Let `gh` be signed in and say this, or not be there."""
    stubbed(monkeypatch, responses or {})
    monkeypatch.setattr(gh, "found", lambda: GH if responses is not None else None)


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        (None, Hub(OURS)),
        ({}, Hub(OURS)),
        ({f"repos/{NAME}": SHOWN, "user": {"login": "ann"}}, Hub(OURS, GH, "ann")),
        ({f"repos/{NAME}": SHOWN, "user": HIDDEN}, Hub(OURS, GH)),
        ({f"repos/{NAME}": SHOWN, "user": {}}, Hub(OURS, GH)),
        ({f"repos/{NAME}": SHOWN | {"permissions": {"admin": False}}}, Hub(OURS)),
        ({f"repos/{NAME}": SHOWN | {"permissions": None}}, Hub(OURS)),
        ({f"repos/{NAME}": SHOWN | {"default_branch": "main", "permissions": {}}}, Hub(OURS)),
        (
            {
                f"repos/{NAME}": SHOWN | {"permissions": {}},
                SUBJECTS: {"sub_claim_prefix": "repo:example/app"},
            },
            Hub(Repository(NAME, "repo:example/app")),
        ),
        ({f"repos/{NAME}": SHOWN | {"permissions": {}}, SUBJECTS: {"sub_claim_prefix": None}}, Hub(OURS)),
        ({f"repos/{NAME}": SHOWN | {"permissions": {}}, SUBJECTS: HIDDEN}, Hub(OURS)),
    ],
)
def test_the_repository_is_what_github_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, responses: dict[str, Any] | None, expected: Hub
) -> None:
    """Where nobody is signed in or sees it, it is what the command line says; only an administrator sets."""
    found(monkeypatch, responses)
    assert github_hub.find(HubName(NAME, "7", "5"), tmp_path) == expected


@pytest.mark.parametrize("named", [HubName(NAME), HubName(NAME, "7"), HubName(NAME, "", "5")])
def test_without_github_both_ids_are_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: HubName
) -> None:
    """With it, neither is."""
    found(monkeypatch, None)
    with pytest.raises(UsageError, match=r"^the subjects of example/app have the ids of its owner and of "):
        github_hub.find(named, tmp_path)
    found(monkeypatch, {f"repos/{NAME}": SHOWN | {"permissions": {}}})
    assert github_hub.find(named, tmp_path) == Hub(OURS)


@pytest.mark.parametrize(
    ("named", "changed", "words"),
    [
        (HubName(NAME, "8"), {}, "--repository-id 8: GitHub says 7 of example/app"),
        (HubName(NAME, "", "7"), {}, "--owner-id 7: GitHub says 5 of example/app"),
        (HubName("app"), {}, "--repository app: expected OWNER/NAME"),
        (
            HubName(NAME),
            {"default_branch": "trunk"},
            f"the default branch of {NAME} is `trunk`: the workflows are those of `main`; rename it first",
        ),
    ],
)
def test_what_github_says_otherwise_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: HubName, changed: dict[str, Any], words: str
) -> None:
    """So is a repository whose workflows would not run."""
    found(monkeypatch, {f"repos/{NAME}": SHOWN | changed})
    with pytest.raises(UsageError) as refused:
        github_hub.find(named, tmp_path)
    assert str(refused.value) == words


def test_the_remote_names_it_where_nobody_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The one of the checkout."""
    found(monkeypatch, None)
    monkeypatch.setattr(
        "entra_config.bootstrap.checkout.read_origin", lambda root: f"git@github.com:example/{root.name}"
    )
    expected = Hub(Repository("example/other", "repo:example@5/other@7"))
    assert github_hub.find(HubName("", "7", "5"), tmp_path / "other") == expected


@pytest.fixture
def place(tmp_path: Path) -> Checkout:
    """Return a checkout whose workflows have owners."""
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github/CODEOWNERS").write_text(
        f"{codeowners.BEGIN}\n/.github/ @example/ops ann@example.com @bob\n{codeowners.END}\n"
    )
    return Checkout(tmp_path, tmp_path / "manifests", "manifests", "pipeline")


def test_who_is_named_approves_else_who_owns_the_workflows(
    monkeypatch: pytest.MonkeyPatch, place: Checkout
) -> None:
    """With ids where an administrator may ask; an address is nobody whom GitHub can name."""
    stubbed(monkeypatch, {"users/carl": {"id": 9}})
    hub = Hub(OURS)
    assert github_hub.reviewers(("@carl",), place, hub) == (Reviewer("carl"),)
    assert github_hub.reviewers((), place, hub) == (Reviewer("example/ops"), Reviewer("bob"))
    assert github_hub.reviewers(("@carl",), place, Hub(OURS, GH)) == (Reviewer("carl", 9),)
    assert len(github_hub.reviewers(tuple(f"@a{n}" for n in range(6)), place, hub)) == 6
    with pytest.raises(UsageError, match=r"^GitHub takes 6 reviewers of an environment: name a team$"):
        github_hub.reviewers(tuple(f"@a{n}" for n in range(7)), place, hub)
    (place.root / ".github/CODEOWNERS").unlink()
    with pytest.raises(UsageError, match=r"^who approves what is applied\? Say --reviewer @person or "):
        github_hub.reviewers((), place, hub)
