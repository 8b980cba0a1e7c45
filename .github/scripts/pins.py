# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""Pins that an apply made in; a lock file's pull request out: one branch per environment, updated and never
multiplied.

Usage: pins.py kept|propose LOCK_FILE PINS.json   (the lock file as main has it; then with the pins)
In: ENTRA_CONFIG_ENVIRONMENT, ENTRA_CONFIG_MANIFEST (below main/), GITHUB_SHA, GITHUB_TOKEN,
DISPATCH_TOKEN (empty: what opens it
starts the checks).
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

# Python is started isolated (-I): the folder of this very script is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

from github_api import Api

_GUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_KEY = re.compile(r'  "?([A-Za-z][A-Za-z0-9-]{0,63})"?:')
_APP = re.compile(rf'    appId: "?({_GUID})"?(?:  # .*)?')
_SECRET = re.compile(rf'      "?([A-Za-z][A-Za-z0-9-]{{0,63}})"?: \[("?{_GUID}"?(?:, "?{_GUID}"?)*)\]')
_PIN = re.compile(
    rf'    appId: "?({_GUID})"?  # created (\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?: by application ({_GUID}))?'
)


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

    def pull(self) -> dict[str, Any] | None:
        """Return the open pull request of the branch, if there is one."""
        owner = self.api.repository.split("/")[0]
        found = self.api.pages(f"/pulls?state=open&base=main&head={owner}:{self.branch}&per_page=100")
        return next((dict(pull) for pull in found), None)

    def head(self) -> str:
        """Return the commit that the branch is at, or nothing."""
        try:
            return str(self.api.send("GET", f"/git/ref/heads/{self.branch}")["object"]["sha"])
        except HTTPError as error:
            if error.code == 404:
                return ""
            raise

    def ours(self, sha: str) -> bool:
        """Tell whether a workflow made the commit: anybody may write a bot's name, but GitHub signs what
        its own API makes.
        """
        commit = self.api.send("GET", f"/commits/{sha}")
        return (commit["author"] or {}).get("type") == "Bot" and bool(
            commit["commit"]["verification"]["verified"]
        )


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


def kept(proposal: Proposal, main: str, pins: dict[str, Any]) -> dict[str, Any]:
    """Return as pins what the open pull request proposes and main has not; the tool checks them as any
    others.
    """
    rows: list[dict[str, Any]] = []
    secrets: list[dict[str, Any]] = []
    if (sha := proposal.head()) and proposal.ours(sha) and proposal.pull() is not None:
        content = proposal.api.send("GET", f"/contents/{proposal.path}?ref={sha}")["content"]
        proposed, merged = lines_of(base64.b64decode(content).decode()), lines_of(main)
        for key, (app_id, created, maker) in proposed.items():
            # Main may have a later creation of the key by now.
            if created > merged.get(key, ("", ""))[1]:
                rows.append(
                    {"key": key, "appId": app_id, "createdDateTime": created, "createdByAppId": maker}
                )
        had = secrets_of(main)
        secrets = [
            {"key": key, "appId": app_id, "label": label, "keyIds": key_ids}
            for (key, label), (app_id, key_ids) in secrets_of(base64.b64decode(content).decode()).items()
            if had.get((key, label), ("", []))[1] != key_ids
        ]
    head = {name: pins[name] for name in ("version", "kind", "project", "environment", "tenantId")}
    return {**head, "pins": rows, "secrets": secrets}


def commit(proposal: Proposal, sha: str, text: str) -> None:
    """Put main's commit with the new lock file, and nothing else, on the branch."""
    api, before = proposal.api, proposal.head()
    if before and not proposal.ours(before):
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


def opened(proposal: Proposal, text: str) -> int:
    """Open the pull request, or update the open one; return its number."""
    if (pull := proposal.pull()) is not None:
        proposal.api.send("PATCH", f"/pulls/{pull['number']}", {"body": text})
        return int(pull["number"])
    title = f"Pin what was created in {proposal.environment}"
    made = proposal.api.send(
        "POST", "/pulls", {"title": title, "head": proposal.branch, "base": "main", "body": text}
    )
    return int(made["number"])


def reported(proposal: Proposal, before: str, after: str, pins: dict[str, Any]) -> str:
    """Return the lines that are proposed, those of this run apart from those that were proposed before."""
    new = {each["key"]: each["appId"] for each in pins["pins"]}
    had = lines_of(before)
    rows = {key: row for key, row in lines_of(after).items() if had.get(key, ("",))[0] != row[0]}
    out = []
    if rows:
        out.append(
            f"Applications that `apply` created in {proposal.environment}: each appId is what their "
            "creation answered."
        )
    for key, (app_id, created, maker) in rows.items():
        whose = "by this run" if new.get(key) == app_id else "by an earlier run, proposed before"
        out.append(
            f"- `{key}`: `{app_id}`, created {created} {whose}"
            + (f", as application `{maker}`" if maker else "")
        )
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
        f"- `{key}/{label}`: {', '.join(f'`{each}`' for each in ids)}"
        for (key, label), ids in rotated.items()
    ]
    return "\n".join([*out, "", f"Nothing is applied by merging this. [Run]({proposal.api.run_url})"])


def propose(proposal: Proposal, before: str, after: str, pins: dict[str, Any]) -> None:
    """Propose the lock file; where GitHub refuses, the summary has the lines."""
    text = reported(proposal, before, after, pins)
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as summary:
        summary.write(f"### Pins for {proposal.path}\n\n{text}\n")
    try:
        commit(proposal, os.environ["GITHUB_SHA"], after)
        number = opened(proposal, text)
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


if __name__ == "__main__":
    what, lock, made = sys.argv[1], Path(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text())
    folder = os.environ["ENTRA_CONFIG_MANIFEST"].removeprefix("main/")
    where = Proposal(Api(), os.environ["ENTRA_CONFIG_ENVIRONMENT"], f"{folder}/{lock.name}")
    main_file = Path("main.lock.yaml")
    if what == "kept":
        held = lock.read_text(encoding="utf-8") if lock.exists() else ""
        main_file.write_text(held, encoding="utf-8")
        print(json.dumps(kept(where, held, made)))
    elif (now := lock.read_text(encoding="utf-8")) != (was := main_file.read_text(encoding="utf-8")):
        propose(where, was, now, made)
