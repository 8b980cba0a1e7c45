"""What a stand-in for GitHub is set to: who administers it, environments, variables, the form of its jobs'
subjects.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Response = tuple[int, Any]
OWNER_ID, REPOSITORY_ID = 4711, 815
PEOPLE = {"users/ann": 11, "users/ben": 12, "orgs/example/teams/platform": 77}
ADMINISTRATOR, WRITER = "ann", "ben"
NOT_FOUND: Response = (404, {"message": "Not Found"})


@dataclass
class Settings:
    """The settings of one repository, as its administrator and its jobs see them; `writes` are all that
    changed them.
    """

    name: str = "example/myapp"
    custom: dict[str, Any] = field(default_factory=lambda: {"use_default": True})
    immutable: bool = True
    environments: dict[str, dict[str, Any]] = field(default_factory=dict)
    branches: dict[str, list[str]] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    environment_variables: dict[str, dict[str, str]] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """Return how the subjects of its jobs begin."""
        owner, name = self.name.split("/")
        return f"repo:{owner}@{OWNER_ID}/{name}@{REPOSITORY_ID}" if self.immutable else f"repo:{self.name}"

    def subject(self, context: str, workflow: str) -> str:
        """Return what a job's token says of it."""
        claims = ["repo", "context"] if self.custom["use_default"] else self.custom["include_claim_keys"]
        parts = {"repo": self.prefix, "context": context, "job_workflow_ref": f"job_workflow_ref:{workflow}"}
        return ":".join(parts[claim] for claim in claims)

    def lets_in(self, environment: str, ref: str) -> bool:
        """Tell whether a ref may deploy to an environment; one that nobody made is made as the job starts,
        open to all.
        """
        made = self.environments.get(environment)
        policy = (made or {}).get("deployment_branch_policy")
        return policy is None or ref.removeprefix("refs/heads/") in self.branches.get(environment, [])

    def response(self, who: str, method: str, path: str, body: dict[str, Any] | None) -> Response:
        """Answer a request; who is no administrator reads what everybody does, and changes nothing."""
        job = who.startswith("job ")
        if path == "/user":
            return (
                (403, {"message": "Resource not accessible by integration"}) if job else (200, {"login": who})
            )
        if path[1:] in PEOPLE:
            return 200, {"id": PEOPLE[path[1:]]}
        base = f"/repos/{self.name}"
        if path == base:
            admin = {"permissions": {"admin": who == ADMINISTRATOR}} if not job else {}
            owner = {"id": OWNER_ID, "login": self.name.split("/")[0]}
            reported = {"id": REPOSITORY_ID, "full_name": self.name, "owner": owner, "default_branch": "main"}
            return 200, {**reported, **admin}
        if not path.startswith(f"{base}/"):
            return NOT_FOUND
        rest = path.removeprefix(base)
        read = rest.startswith("/environments") and "variables" not in rest and "actions:read" in who
        if who != ADMINISTRATOR and not (method == "GET" and (read or rest.endswith("/sub"))):
            return 403, {"message": "Resource not accessible by integration"}
        if method != "GET":
            self.writes.append(f"{method} {rest}")
        return self._response(method, rest, body or {})

    def _response(self, method: str, rest: str, body: dict[str, Any]) -> Response:
        if rest == "/actions/oidc/customization/sub":
            if method == "PUT":
                self.custom = dict(body)
            return 200, {**self.custom, "sub_claim_prefix": self.prefix}
        if found := re.fullmatch(r"/environments/([\w-]+)", rest):
            return self._environment(method, found[1], body)
        if found := re.fullmatch(r"/environments/([\w-]+)/deployment-branch-policies", rest):
            held = self.branches.setdefault(found[1], [])
            if method == "POST":
                held.append(body["name"])
            return 200, {"branch_policies": [{"name": name} for name in held]}
        found = re.fullmatch(r"(?:/actions|/environments/([\w-]+))/variables/(\w+)", rest)
        if not found:
            return NOT_FOUND
        held = self.environment_variables.setdefault(found[1], {}) if found[1] else self.variables
        if method == "PUT":
            held[found[2]] = body["value"]
        return (200, {"name": found[2], "value": held[found[2]]}) if found[2] in held else NOT_FOUND

    def _environment(self, method: str, name: str, body: dict[str, Any]) -> Response:
        if method == "GET":
            return (200, self.environments[name]) if name in self.environments else NOT_FOUND
        rules: list[dict[str, Any]] = [{"type": "branch_policy"}]
        reviewers = [
            {"type": each["type"], "reviewer": {"id": each["id"]}} for each in body.get("reviewers", [])
        ]
        if reviewers:
            assert all(row["reviewer"]["id"] in PEOPLE.values() for row in reviewers)
            review = {"type": "required_reviewers", "prevent_self_review": body["prevent_self_review"]}
            rules.append({**review, "reviewers": reviewers})
        if body.get("wait_timer"):
            rules.append({"type": "wait_timer", "wait_timer": body["wait_timer"]})
        policy = body["deployment_branch_policy"]
        self.environments[name] = {
            "name": name,
            "protection_rules": rules,
            "deployment_branch_policy": policy,
        }
        return 200, self.environments[name]
