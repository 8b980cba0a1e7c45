# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""Propose what the applies and rotations of main made for the lock file: one pull request per environment.

Only artifacts of runs that GitHub's API vouches for are read: neither a branch nor an artifact can say
where it comes from.

Usage: pins.py collect FOLDER                  write the pins of each accepted run to FOLDER/RUN.ARTIFACT.json
       pins.py merge LOCK_FILE FOLDER          print what the lock file of main does not have yet
       pins.py propose OLD_LOCK_FILE LOCK_FILE FOLDER
Environment: ENTRA_CONFIG_ENVIRONMENT, ENTRA_CONFIG_MANIFEST (below main/), GITHUB_SHA, GITHUB_RUN_ID,
GITHUB_TOKEN (writes the pull request), RUNS_TOKEN (reads runs and artifacts), DISPATCH_TOKEN (starts the
checks, empty if the token that opens the pull request starts them).
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

# Python is started isolated (-I): the folder of this very script is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

from github_api import Api

# Which rows a workflow's artifact may have.
ROWS = {
    ".github/workflows/entra-apply.yml": ("pins", "renamed"),
    ".github/workflows/entra-credentials.yml": ("secrets",),
}
EVENTS = {"push", "schedule", "workflow_dispatch"}
LARGEST = 2_000_000

_GUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_KEY = re.compile(r'  "?([A-Za-z][A-Za-z0-9-]{0,63})"?:')
_APP = re.compile(rf'    appId: "?({_GUID})"?(?:  # .*)?')
_SECRET = re.compile(rf'      "?([A-Za-z][A-Za-z0-9-]{{0,63}})"?: \[("?{_GUID}"?(?:, "?{_GUID}"?)*)\]')
_PIN = re.compile(
    rf'    appId: "?({_GUID})"?  # created (\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?: by application ({_GUID}))?'
)


class RefusedError(Exception):
    """GitHub does not vouch for a run; the message says why."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where the pins of one environment are proposed."""

    api: Api
    environment: str
    path: str

    @property
    def branch(self) -> str:
        """Return the one branch of this environment."""
        return f"entra-config/pins-{self.environment}"

    def pulls(self, state: str) -> Iterator[dict[str, Any]]:
        """Yield the pull requests of the branch."""
        owner = self.api.repository.split("/")[0]
        yield from self.api.pages(f"/pulls?state={state}&base=main&head={owner}:{self.branch}&per_page=100")

    def head(self) -> str:
        """Return the commit that the branch is at, or nothing."""
        try:
            return str(self.api.send("GET", f"/git/ref/heads/{self.branch}")["object"]["sha"])
        except HTTPError as error:
            if error.code == 404:
                return ""
            raise

    def is_of_a_workflow(self, sha: str) -> bool:
        """Return True if a workflow made the commit, so that it may be replaced. Nothing is read from it."""
        commit = self.api.send("GET", f"/commits/{sha}")
        return (commit["author"] or {}).get("type") == "Bot" and bool(
            commit["commit"]["verification"]["verified"]
        )


def collect(proposal: Proposal, runs: Api, folder: Path) -> None:
    """Write the pins of each run that GitHub vouches for, and report why another run's are refused."""
    folder.mkdir()
    # A pull request that was merged or closed is done with what earlier runs made.
    closed = max((str(pull["closed_at"]) for pull in proposal.pulls("closed")), default="")
    repository = runs.send("GET", "")
    main = runs.send("GET", f"/git/ref/heads/{repository['default_branch']}")["object"]["sha"]
    name = f"pins-{proposal.environment}"
    for artifact in runs.pages(f"/actions/artifacts?name={name}&per_page=100", "artifacts"):
        if str(artifact["created_at"]) <= closed:
            continue
        number = int(artifact["workflow_run"]["id"])
        try:
            run = runs.send("GET", f"/actions/runs/{number}")
            rows = check_run(runs, run, repository=int(repository["id"]), main=str(main))
            document = read_artifact(runs, artifact, proposal.environment)
            check_times(run, document)
        except RefusedError as error:
            page = f"{runs.page}/actions/runs/{number}"
            print(f"::warning title=Pins of a run are not proposed::{page}: {error}")
            continue
        accepted = {**document, "pins": document["pins"] if "pins" in rows else []}
        for section in {"renamed", "secrets"}.difference(rows):
            accepted.pop(section, None)
        # Each attempt of a run has an artifact of its own.
        file = folder / f"{number}.{int(artifact['id'])}.json"
        file.write_text(json.dumps(accepted), encoding="utf-8")


def check_run(runs: Api, run: dict[str, Any], *, repository: int, main: str) -> tuple[str, ...]:
    """Return which rows the artifact of a run may have; RefusedError unless main's own workflow made it."""
    if int((run["head_repository"] or {}).get("id", 0)) != repository:
        raise RefusedError("the run belongs to another repository")
    rows = ROWS.get(str(run["path"]).partition("@")[0])
    if rows is None:
        raise RefusedError(f"the workflow {run['path']} does not apply manifests")
    if run["event"] not in EVENTS:
        raise RefusedError(f"the event {run['event']} does not apply manifests")
    compared = runs.send("GET", f"/compare/{run['head_sha']}...{main}")
    if compared["merge_base_commit"]["sha"] != run["head_sha"]:
        raise RefusedError(f"its commit {run['head_sha']} is not part of the default branch")
    return rows


def read_artifact(runs: Api, artifact: dict[str, Any], environment: str) -> dict[str, Any]:
    """Return the document in an artifact; RefusedError if there is none, or it is too large."""
    if artifact["expired"]:
        raise RefusedError(
            "the artifact has expired. If its applications are not pinned yet, the tenant can prove them: "
            f"entra-config lock -e {environment}"
        )
    try:
        packed = runs.download(f"/actions/artifacts/{int(artifact['id'])}/zip", LARGEST)
        archive = zipfile.ZipFile(io.BytesIO(packed))
        # What a member claims as its size is not believed.
        with archive.open("pins.json") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise RefusedError("its pins.json is too large")
        document = json.loads(data)
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise RefusedError(f"its artifact is not readable ({type(error).__name__})") from error
    if not isinstance(document, dict) or not isinstance(document.get("pins"), list):
        raise RefusedError("its artifact contains no pins")
    return document


def check_times(run: dict[str, Any], document: dict[str, Any]) -> None:
    """Raise RefusedError if a row was created after the run had ended: it would win over later runs."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    end = str(run["updated_at"]) if run["status"] == "completed" else now
    for row in document["pins"]:
        created = str(row.get("createdDateTime")) if isinstance(row, dict) else ""
        if created > end:
            raise RefusedError(f"an application was created at {created[:40]}, after the run's end")


def lines_of(text: str) -> dict[str, tuple[str, str, str | None]]:
    """Return, by key, the appId of each line that an apply's pin is written as, when it was created, and
    by whom.
    """
    found, key = {}, ""
    for line in text.split("\n"):
        if match := _KEY.fullmatch(line):
            key = match.group(1)
        elif (match := _PIN.fullmatch(line)) and key:
            found[key] = (match.group(1), match.group(2), match.group(3))
    return found


def secrets_of(text: str) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """Return, by key and label, the appId and the key ids of each line that a rotation's secret is written
    as.
    """
    found, key, app_id, inside = {}, "", "", False
    for line in text.split("\n"):
        if match := _KEY.fullmatch(line):
            key, app_id = match.group(1), ""
        elif match := _APP.fullmatch(line):
            app_id = match.group(1)
        elif inside and (match := _SECRET.fullmatch(line)) and key and app_id:
            found[key, match.group(1)] = (app_id, re.findall(_GUID, match.group(2)))
            continue
        inside = line == "    secrets:"
    return found


def documents(folder: Path) -> list[tuple[int, dict[str, Any]]]:
    """Return what the accepted runs made, in the order of the runs and of their attempts."""
    files = {tuple(map(int, file.stem.split("."))): file for file in folder.glob("*.json")}
    return [(run[0], json.loads(files[run].read_text(encoding="utf-8"))) for run in sorted(files)]


def merge(main: str, folder: Path) -> dict[str, Any]:
    """Return as one document what runs made and main does not have; for a key the latest creation wins."""
    had, known = lines_of(main), secrets_of(main)
    rows: dict[str, dict[str, Any]] = {}
    renamed: dict[str, dict[str, Any]] = {}
    secrets: dict[tuple[str, str], dict[str, Any]] = {}
    head: dict[str, Any] = {}
    for _, document in documents(folder):
        head = {name: document[name] for name in ("version", "kind", "project", "environment", "tenantId")}
        for row in document["pins"]:
            # Main may have a later creation of the key by now.
            app_id, created, _ = had.get(row["key"], ("", "", None))
            latest = rows.get(row["key"], {"createdDateTime": created})["createdDateTime"]
            if row["appId"] != app_id and row["createdDateTime"] > latest:
                rows[row["key"]] = row
        for row in document.get("renamed", []):
            if had.get(row["key"], ("",))[0] != row["appId"]:
                renamed[row["key"]] = row
        for row in document.get("secrets", []):
            name = (row["key"], row["label"])
            if known.get(name, ("", []))[1] != row["keyIds"]:
                secrets[name] = row
    moved = {"renamed": list(renamed.values())} if renamed else {}
    return {**head, "pins": list(rows.values()), **moved, "secrets": list(secrets.values())}


def commit(proposal: Proposal, sha: str, text: str) -> None:
    """Put main's commit with the new lock file, and nothing else, on the branch."""
    api, before = proposal.api, proposal.head()
    if before and not proposal.is_of_a_workflow(before):
        raise SystemExit(
            f"::error title=Not ours::{proposal.branch} is at {before}, which no workflow committed: it "
            "stays so. Look at it, "
            "delete the branch, run this job again; the lines are in its summary."
        )
    tree = api.send("GET", f"/git/commits/{sha}")["tree"]["sha"]
    entry = {"path": proposal.path, "mode": "100644", "type": "blob", "content": text}
    tree = api.send("POST", "/git/trees", {"base_tree": tree, "tree": [entry]})["sha"]
    message = f"Pin what was created in {proposal.environment}"
    made = api.send("POST", "/git/commits", {"message": message, "tree": tree, "parents": [sha]})["sha"]
    if before:
        api.send("PATCH", f"/git/refs/heads/{proposal.branch}", {"sha": made, "force": True})
    else:
        api.send("POST", "/git/refs", {"ref": f"refs/heads/{proposal.branch}", "sha": made})


def open_pull(proposal: Proposal, text: str) -> int:
    """Open the pull request, or update the open one; return its number."""
    if (pull := next(proposal.pulls("open"), None)) is not None:
        proposal.api.send("PATCH", f"/pulls/{pull['number']}", {"body": text})
        return int(pull["number"])
    title = f"Pin what was created in {proposal.environment}"
    made = proposal.api.send(
        "POST", "/pulls", {"title": title, "head": proposal.branch, "base": "main", "body": text}
    )
    return int(made["number"])


def describe(proposal: Proposal, before: str, after: str, folder: Path) -> str:
    """Return the lines that are proposed, each with a link to the run that made it."""
    made: dict[str, int] = {}
    former: dict[tuple[str, str], str] = {}
    for number, document in documents(folder):
        made |= {row["appId"]: number for row in document["pins"]}
        made |= {row["appId"]: number for row in document.get("renamed", [])}
        former |= {(row["key"], row["appId"]): row["previously"] for row in document.get("renamed", [])}
        made |= {key_id: number for row in document.get("secrets", []) for key_id in row["keyIds"]}

    def link(name: str) -> str:
        return f"[run {made[name]}]({proposal.api.page}/actions/runs/{made[name]})"

    had = lines_of(before)
    rows = {key: row for key, row in lines_of(after).items() if had.get(key, ("",))[0] != row[0]}
    moved = {key: row for key, row in rows.items() if (key, row[0]) in former}
    rows = {key: row for key, row in rows.items() if key not in moved}
    out = [
        f"- `{key}`: `{app_id}`, renamed from `{former[key, app_id]}` by {link(app_id)}"
        for key, (app_id, _, _) in moved.items()
    ]
    if rows:
        out.append(
            f"Applications that `apply` created in {proposal.environment}: each appId is what their "
            "creation answered."
        )
    for key, (app_id, created, maker) in rows.items():
        whose = f", as application `{maker}`" if maker else ""
        out.append(f"- `{key}`: `{app_id}`, created {created} by {link(app_id)}{whose}")
    known = secrets_of(before)
    rotated = {
        name: ids for name, (_, ids) in secrets_of(after).items() if known.get(name, ("", []))[1] != ids
    }
    if rotated:
        out.append(
            f"Secrets that `credentials rotate` made in {proposal.environment}, by key id; their "
            "values are in their sinks alone."
        )
    out += [
        f"- `{key}/{label}`: {', '.join(f'`{key_id}`' for key_id in ids)}, by {link(ids[-1])}"
        for (key, label), ids in rotated.items()
    ]
    return "\n".join([*out, "", f"Nothing is applied by merging this. [Run]({proposal.api.run_url})"])


def propose(proposal: Proposal, before: str, after: str, folder: Path) -> None:
    """Propose the lock file; where GitHub refuses, the summary has the lines."""
    text = describe(proposal, before, after, folder)
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as summary:
        summary.write(f"### Pins for {proposal.path}\n\n{text}\n")
    try:
        commit(proposal, os.environ["GITHUB_SHA"], after)
        number = open_pull(proposal, text)
    except HTTPError as error:
        if error.code not in {403, 404, 422}:
            raise
        print(
            f"::warning title=No pull request::GitHub said {error.code}; the lines of "
            f"{proposal.path} are in this job's summary"
        )
        return
    print(f"#{number} proposes them")
    if os.environ["DISPATCH_TOKEN"]:
        starter = Api(token="DISPATCH_TOKEN")  # noqa: S106  # a name, no value
        starter.send("POST", "/actions/workflows/entra-plan.yml/dispatches", {"ref": proposal.branch})


def main() -> None:
    """Do what the command line names."""
    what, *given = sys.argv[1:]
    manifest = os.environ["ENTRA_CONFIG_MANIFEST"].removeprefix("main/")
    environment = os.environ["ENTRA_CONFIG_ENVIRONMENT"]
    proposal = Proposal(Api(), environment, f"{manifest}/entra-config.{environment}.lock.yaml")
    paths = [Path(name) for name in given]
    if what == "collect":
        collect(proposal, Api(token="RUNS_TOKEN"), paths[0])  # noqa: S106  # a name, no value
    elif what == "merge":
        print(json.dumps(merge(paths[0].read_text(encoding="utf-8"), paths[1])))
    else:
        before, after = (path.read_text(encoding="utf-8") for path in paths[:2])
        if before != after:
            propose(proposal, before, after, paths[2])


if __name__ == "__main__":
    main()
