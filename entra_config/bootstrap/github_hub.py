"""The command line, `gh` and a checkout's remote in; which repository it is, how its subjects begin, who
may set it, out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entra_config.bootstrap import checkout, codeowners, gh, github, github_settings
from entra_config.bootstrap.checkout import Checkout
from entra_config.bootstrap.github import Repository
from entra_config.bootstrap.github_settings import Reviewer
from entra_config.bootstrap.model import text_of
from entra_config.errors import UsageError

_REMOTE = re.compile(r"(?:https://(?:[^@/]+@)?|ssh://git@|git@)([^/:]+)[/:]([^/]+/[^/]+?)(?:\.git)?/?")
SITE = "github.com"


@dataclass(frozen=True, slots=True)
class HubName:
    """What the command line says of the repository; empty is what it does not."""

    name: str = ""
    repository_id: str = ""
    owner_id: str = ""


@dataclass(frozen=True, slots=True)
class Hub:
    """The repository on GitHub; `admin` is `gh` only where it is signed in as an administrator, whose name
    is `login`.
    """

    repository: Repository
    admin: gh.Gh | None = None
    login: str = ""


def find(named: HubName, root: Path) -> Hub:
    """Return the repository; where nobody tells the ids that its subjects have, stop and say where to read
    them.
    """
    name = named.name or remote(root)
    github.check_name(name)
    tool = gh.found()
    response = tool.get(f"repos/{name}") if tool else None
    if tool is None or response is None:
        return Hub(_of_ids(named, name))
    _check(named, response, name)
    repository = _reported(tool, response)
    if not (response.get("permissions") or {}).get("admin"):
        return Hub(repository)
    _, user = tool.seen("user")
    return Hub(repository, tool, str((user or {}).get("login", "")))


def _reported(tool: gh.Gh, response: dict[str, Any]) -> Repository:
    """Return the repository as GitHub tells it: it knows which form the subjects have."""
    name = str(response["full_name"])
    _, custom = tool.seen(f"repos/{name}/actions/oidc/customization/sub")
    if prefix := str((custom or {}).get("sub_claim_prefix") or ""):
        return github.reported(name, prefix)
    return github.repository(name, str(response["owner"]["id"]), str(response["id"]))


def _of_ids(named: HubName, name: str) -> Repository:
    if not (named.repository_id and named.owner_id):
        raise UsageError(
            f"the subjects of {name} have the ids of its owner and of itself, and nobody told them: read "
            "`id` and `owner.id` "
            f"at https://api.github.com/repos/{name} and say --repository-id and --owner-id, or sign in "
            "with `gh auth login`"
        )
    return github.repository(name, named.owner_id, named.repository_id)


def _check(named: HubName, response: dict[str, Any], name: str) -> None:
    """Refuse what GitHub says otherwise, and a repository whose workflows would not run."""
    for option, value, is_ in (
        ("--repository-id", named.repository_id, response["id"]),
        ("--owner-id", named.owner_id, response["owner"]["id"]),
    ):
        if value and value != str(is_):
            raise UsageError(f"{option} {value}: GitHub says {is_} of {name}")
    if (branch := response.get("default_branch", "main")) != "main":
        raise UsageError(
            f"the default branch of {name} is `{branch}`: the workflows are those of `main`; rename it first"
        )


def remote(root: Path) -> str:
    """Return the repository that the remote `origin` of a checkout is."""
    found = _REMOTE.fullmatch(checkout.read_origin(root))
    if found is None:
        raise UsageError(
            "which repository on GitHub? There is no remote `origin` that says it: say --repository "
            "OWNER/NAME"
        )
    if found[1] != SITE:
        raise UsageError(
            f"{found[1]}: a GitHub Enterprise Server has an issuer and subjects of its own, which "
            "bootstrap does not know"
        )
    return found[2]


def reviewers(names: tuple[str, ...], place: Checkout, hub: Hub) -> tuple[Reviewer, ...]:
    """Return who approves: those that are named, else who owns the workflows already; with ids where `gh`
    may ask.
    """
    if not names:
        text = text_of(place.root / checkout.owners_file(place))
        names = tuple(each for each in codeowners.owners(text, "/.github/") if each.startswith("@"))
    if not names:
        raise UsageError(
            "who approves what is applied? Say --reviewer @person or --reviewer @organization/team"
        )
    if len(names) > github_settings.MOST_REVIEWERS:
        raise UsageError(
            f"GitHub takes {github_settings.MOST_REVIEWERS} reviewers of an environment: name a team"
        )
    found = tuple(github_settings.reviewer(each) for each in names)
    return gh.known(hub.admin, found) if hub.admin else found
