"""What a repository on GitHub must be set to in, and what it is set to; the commands of `gh` that make the
difference, out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from entra_config import quoting
from entra_config.bootstrap.github import CLAIMS, PINS
from entra_config.errors import UsageError

TENANT = "ENTRA_TENANT_ID"
READER = "ENTRA_READER_CLIENT_ID"
WRITER = "ENTRA_WRITER_CLIENT_ID"
BRANCH = "main"
_REVIEWER = re.compile(r"@?([A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)(?:/([A-Za-z0-9._-]+))?")
MOST_REVIEWERS = 6  # of one environment


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person, or a team of an organization, who approves what is applied; `id` is GitHub's, 0 where
    nobody asked.
    """

    name: str
    id: int = 0

    @property
    def kind(self) -> str:
        """Return what GitHub calls it."""
        return "Team" if "/" in self.name else "User"

    @property
    def path(self) -> str:
        """Return where GitHub says its id."""
        organization, _, team = self.name.partition("/")
        return f"orgs/{organization}/teams/{team}" if team else f"users/{self.name}"


@dataclass(frozen=True, slots=True)
class Environment:
    """A GitHub environment: who reviews (kind and id), whether not oneself, which branches it lets in, how
    long it waits.
    """

    reviewers: tuple[tuple[str, int], ...] = ()
    no_self_review: bool = False
    custom_branches: bool = False
    branches: tuple[str, ...] = ()
    wait: int = 0


@dataclass(frozen=True, slots=True)
class HubState:
    """What is set in a repository now; None is what could not be read."""

    claims: tuple[str, ...] | None = None
    environments: Mapping[str, Environment] | None = None
    variables: Mapping[str, str] | None = None
    environment_variables: Mapping[str, Mapping[str, str] | None] = field(default_factory=dict)


def nothing(environments: Sequence[str]) -> HubState:
    """Return the state of a repository in which nothing is set yet, or of which nobody may see it."""
    return HubState((), {}, {}, {name: {} for name in environments})


@dataclass(frozen=True, slots=True)
class HubWanted:
    """What is to be set: which environments of the manifest, who reviews, and the client ids that are
    known already; whether jobs propose pins, from an environment of their own.
    """

    repository: str
    environments: tuple[str, ...]
    reviewers: tuple[Reviewer, ...]
    tenant_id: str
    reader: str = ""
    writers: Mapping[str, str] = field(default_factory=dict)
    pins: bool = True

    @property
    def places(self) -> tuple[str, ...]:
        """Return the names of all environments on GitHub."""
        return (*self.environments, *([PINS] if self.pins else []))


@dataclass(frozen=True, slots=True)
class HubSetting:
    """One command of `gh`: what it sets, its words, and the line that a person runs."""

    says: str
    words: tuple[str, ...]
    line: str


def reviewer(text: str) -> Reviewer:
    """Read `@person` or `@organization/team`."""
    if not (found := _REVIEWER.fullmatch(text)):
        raise UsageError(f"--reviewer {text}: expected @person or @organization/team")
    return Reviewer("/".join(part for part in found.groups() if part))


def settings(wanted: HubWanted, state: HubState) -> list[HubSetting]:
    """Return the commands that are still needed, in order."""
    found = []
    if state.claims is not None and state.claims != CLAIMS:
        found.append(_subjects(wanted.repository, state.claims))
    if (have := state.environments) is not None:
        for name in wanted.environments:
            found += _environment(wanted, name, have.get(name), wanted.reviewers)
        if wanted.pins:
            found += _environment(wanted, PINS, have.get(PINS), ())
    if (variables := state.variables) is not None:
        for name, value in ((TENANT, wanted.tenant_id), (READER, wanted.reader)):
            if value and variables.get(name) != value:
                found.append(_variable(wanted.repository, name, value, "", variables.get(name)))
    for environment, app_id in wanted.writers.items():
        own = state.environment_variables.get(environment)
        if own is not None and own.get(WRITER) != app_id:
            found.append(_variable(wanted.repository, WRITER, app_id, environment, own.get(WRITER)))
    return found


def shadowing(wanted: HubWanted, state: HubState) -> list[str]:
    """Say what is set where it undoes the pipeline: a writer's id for the whole repository, a way in
    beside main.
    """
    message = []
    if WRITER in (state.variables or {}):
        message.append(
            f"the variable {WRITER} of the whole repository: every job has it; it belongs into each "
            "environment alone"
        )
    for name in wanted.places:
        environment = (state.environments or {}).get(name)
        others = [each for each in environment.branches if each != BRANCH] if environment else []
        if others:
            message.append(f"environment {name} lets in {', '.join(others)} besides {BRANCH}")
    return message


def _subjects(repository: str, before: Sequence[str]) -> HubSetting:
    was = f"; so far they say {', '.join(before)}" if before else ""
    path = f"repos/{repository}/actions/oidc/customization/sub"
    keys = [word for claim in CLAIMS for word in ("-f", f"include_claim_keys[]={claim}")]
    message = f"the subjects of all jobs say {', '.join(CLAIMS)}{was}"
    return _of(message, ("api", "-X", "PUT", path, "-F", "use_default=false", *keys))


def _environment(
    wanted: HubWanted, name: str, now: Environment | None, reviewers: Sequence[Reviewer]
) -> list[HubSetting]:
    """Return what an environment lacks; whoever reviews already stays, and so does a wait."""
    path = f"repos/{wanted.repository}/environments/{name}"
    have = now or Environment()
    lacks_review = bool(reviewers) and not (have.reviewers and have.no_self_review)
    found = []
    if now is None or lacks_review or not have.custom_branches:
        kept = have.reviewers or tuple((each.kind, each.id) for each in reviewers)
        message = f"environment {name}: {BRANCH} only"
        message += (
            f", reviewed by {', '.join(f'@{each.name}' for each in reviewers)}"
            if reviewers and not have.reviewers
            else ""
        )
        message += ", never by whoever started it" if reviewers else ""
        message += f"; so far {', '.join(_lacks(now, reviewed=bool(reviewers)))}" if now else ""
        words = [
            "api",
            "-X",
            "PUT",
            path,
            "-F",
            f"wait_timer={have.wait}",
            "-F",
            f"prevent_self_review={_flag(bool(reviewers))}",
        ]
        words += [
            word
            for kind, id_ in kept
            for word in ("-f", f"reviewers[][type]={kind}", "-F", f"reviewers[][id]={id_}")
        ]
        words += ["-F", "deployment_branch_policy[protected_branches]=false"]
        words += ["-F", "deployment_branch_policy[custom_branch_policies]=true"]
        found.append(_of(message, words, () if have.reviewers else reviewers))
    if BRANCH not in have.branches:
        policy = ("api", "-X", "POST", f"{path}/deployment-branch-policies", "-f", f"name={BRANCH}")
        found.append(_of(f"environment {name} lets {BRANCH} in", policy))
    return found


def _lacks(now: Environment, *, reviewed: bool) -> Iterator[str]:
    """Yield what an environment is so far and shall not be."""
    if not now.custom_branches:
        yield "every branch gets in"
    if reviewed and not now.reviewers:
        yield "nobody reviews"
    if reviewed and not now.no_self_review:
        yield "whoever starts a run may approve it"


def _variable(repository: str, name: str, value: str, environment: str, before: str | None) -> HubSetting:
    where = ("--env", environment) if environment else ()
    was = "" if before is None else f"; so far it is {before or 'empty'}"
    message = f"variable {name}{f' of environment {environment}' if environment else ''}: {value}{was}"
    return _of(message, ("variable", "set", name, "--body", value, *where, "--repo", repository))


def _of(message: str, words: Sequence[str], chosen: Sequence[Reviewer] = ()) -> HubSetting:
    line = quoting.command("gh", *words)
    for each in chosen:
        # Nobody asked for the id yet: the line does. The name has nothing in it that a shell takes for more
        # than itself.
        line = line.replace("'reviewers[][id]=0'", f'"reviewers[][id]=$(gh api {each.path} --jq .id)"', 1)
    return HubSetting(message, tuple(words), line)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def environment(response: Mapping[str, Any], branches: Sequence[str]) -> Environment:
    """Read an environment as GitHub answers it."""
    rules = {rule["type"]: rule for rule in response.get("protection_rules") or ()}
    review = rules.get("required_reviewers", {})
    policy = response.get("deployment_branch_policy") or {}
    return Environment(
        reviewers=tuple((each["type"], int(each["reviewer"]["id"])) for each in review.get("reviewers", ())),
        no_self_review=bool(review.get("prevent_self_review")),
        custom_branches=bool(policy.get("custom_branch_policies")),
        branches=tuple(branches),
        wait=int(rules.get("wait_timer", {}).get("wait_timer", 0)),
    )
