"""GitHub's own command line, where it is there: questions in, answers out; it keeps its sign-in to itself."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from entra_config.bootstrap import github_settings
from entra_config.bootstrap.github import PINS
from entra_config.bootstrap.github_settings import READER, TENANT, WRITER, Environment, HubState, Reviewer
from entra_config.errors import UsageError

_STATUS = re.compile(r"\(HTTP (\d{3})\)")
SECONDS = 60
HOST = "github.com"


class UnseenError(UsageError):
    """GitHub does not show this to whoever is signed in."""


@dataclass(frozen=True, slots=True)
class Gh:
    """`gh`, by its path."""

    path: str

    def get(self, path: str) -> Any | None:
        """Return what GitHub answers; None for what is not there."""
        done = self._run(("api", path))
        if done.returncode == 0:
            return json.loads(done.stdout)
        status = _STATUS.search(done.stderr)
        if status and status[1] == "404":
            return None
        message = f"gh api {path}: {done.stderr.strip() or done.stdout.strip()}"
        if status and status[1] in {"401", "403"}:
            raise UnseenError(message)
        raise UsageError(message)

    def seen(self, path: str) -> tuple[bool, Any | None]:
        """Return what GitHub answers, and whether it shows it at all."""
        try:
            return True, self.get(path)
        except UnseenError:
            return False, None

    def signed_in(self) -> bool:
        """Tell whether somebody is signed in to GitHub."""
        return self._run(("auth", "status", "--hostname", HOST)).returncode == 0

    def run(self, words: Sequence[str]) -> None:
        """Run a command that sets something."""
        done = self._run(words)
        if done.returncode != 0:
            message = done.stderr.strip() or done.stdout.strip()
            raise UsageError(f"gh {' '.join(words)}: {message}")

    def _run(self, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(  # noqa: S603  # words of a list, no shell
                [self.path, *words],
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
                # Where who is signed in was looked at; a variable of the shell may name another host.
                env={**os.environ, "GH_HOST": HOST},
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise UsageError(f"gh {' '.join(words)}: {error}") from error


def found() -> Gh | None:
    """Return `gh`, where it is installed and somebody is signed in."""
    path = shutil.which("gh")
    gh = Gh(path) if path else None
    return gh if gh and gh.signed_in() else None


def state(gh: Gh, repository: str, environments: Sequence[str]) -> HubState:
    """Return what a repository is set to, as far as whoever is signed in may see it."""
    base = f"repos/{repository}"
    shown, custom = gh.seen(f"{base}/actions/oidc/customization/sub")
    keys = () if custom is None or custom.get("use_default", True) else custom.get("include_claim_keys") or ()
    own = {name: _variables(gh, f"{base}/environments/{name}/variables", [WRITER]) for name in environments}
    return HubState(
        tuple(keys) if shown else None,
        _environments(gh, base, (*environments, PINS)),
        _variables(gh, f"{base}/actions/variables", [TENANT, READER, WRITER]),
        own,
    )


def known(gh: Gh, reviewers: Sequence[Reviewer]) -> tuple[Reviewer, ...]:
    """Return reviewers with their ids; whom GitHub does not know is an error."""
    rows = []
    for each in reviewers:
        response = gh.get(each.path)
        if response is None:
            raise UsageError(f"--reviewer @{each.name}: GitHub knows no such {each.kind.lower()}")
        rows.append(Reviewer(each.name, int(response["id"])))
    return tuple(rows)


def _environments(gh: Gh, base: str, names: Sequence[str]) -> dict[str, Environment] | None:
    rows = {}
    for name in names:
        shown, response = gh.seen(f"{base}/environments/{name}")
        if not shown:
            return None
        if response is not None:
            policies = gh.get(f"{base}/environments/{name}/deployment-branch-policies?per_page=100") or {}
            branches = [str(policy["name"]) for policy in policies.get("branch_policies", ())]
            rows[name] = github_settings.environment(response, branches)
    return rows


def _variables(gh: Gh, path: str, names: Sequence[str]) -> dict[str, str] | None:
    rows = {}
    for name in names:
        shown, response = gh.seen(f"{path}/{name}")
        if not shown:
            return None
        if response is not None:
            rows[name] = str(response["value"])
    return rows
