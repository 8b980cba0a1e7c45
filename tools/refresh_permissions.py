"""Refresh the copies of Microsoft Graph's permissions and of the tier-0 list, and open a pull request.

`make permissions` clones the two public sources into output/ and runs this file. The pull request lists the
added, removed and changed rows. If a known name has another id than before, nothing is written: grants are
made by id, so a person must find out first which of the two ids is right.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
# Engine and emulator each have a copy of one published file, so that neither reads through the other's code.
PERMISSIONS = (
    Path("entra_config/kinds/graph_permissions.json"),
    Path("entra_emulator/data/graph_permissions.json"),
)
TIER_0 = Path("entra_config/checks/tier_0.json")
GRAPH = "00000003-0000-0000-c000-000000000000"
TIERS_FILE = "Microsoft Graph application permissions/tiered-msgraph-app-permissions.json"
BRANCH = "refresh-permissions"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Differences:
    """Rows of a refreshed file that differ from the copy that the project has, as lines for a person."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    new_ids: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Return True if the files differ in any row."""
        return bool(self.added or self.removed or self.changed or self.new_ids)


def read_permissions(clone: Path) -> dict[str, Any]:
    """Return the permissions of Microsoft Graph from a clone of merill/microsoft-info."""
    roles, scopes = (
        json.loads((clone / "_info" / name).read_text("utf-8-sig"))
        for name in ("GraphAppRoles.json", "GraphDelegateRoles.json")
    )
    rows = [
        {
            "value": row["Value"],
            "id": row["Id"],
            "type": type_,
            "enabled": row["IsEnabled"],
            "adminOnly": admin,
        }
        for type_, items in (("Role", roles), ("Scope", scopes))
        for row in items
        for admin in [type_ == "Role" or row["Type"] == "Admin"]
    ]
    header = {
        "source": "merill/microsoft-info _info/GraphAppRoles.json, _info/GraphDelegateRoles.json",
        **_version(clone),
        "licence": "MIT",
        "resourceAppId": GRAPH,
        "roles": len(roles),
        "scopes": len(scopes),
        "note": (
            "Role: application permission; Scope: delegated permission. adminOnly: only an administrator "
            "may consent."
        ),
    }
    return {"header": header, "permissions": sorted(rows, key=_order)}


def read_tier_0(clone: Path) -> dict[str, Any]:
    """Return the tier-0 application permissions from a clone of emiliensocchi/azure-tiering."""
    listed = json.loads((clone / TIERS_FILE).read_text("utf-8"))
    rows = [
        {"value": row["assetName"], "id": row["id"], "type": "Role", "path": row["pathType"]}
        for row in listed
        if row["tier"] == "0"
    ]
    header = {
        "source": f"emiliensocchi/azure-tiering {TIERS_FILE}",
        **_version(clone),
        "licence": "GPL-3.0",
        "permissions": len(rows),
        "note": (
            "Facts only: name, id, and whether the path to Global Administrator is direct. No text of the "
            "source."
        ),
    }
    return {"header": header, "permissions": sorted(rows, key=_order)}


def compare(before: Row, after: Row) -> Differences:
    """Return how the rows of two versions of a file differ."""
    old, new = ({(row["value"], row["type"]): row for row in each["permissions"]} for each in (before, after))
    both = sorted(old.keys() & new.keys())
    return Differences(
        tuple(_line(new[key]) for key in sorted(new.keys() - old.keys())),
        tuple(_line(old[key]) for key in sorted(old.keys() - new.keys())),
        tuple(f"{_line(old[key])} → {_line(new[key])}" for key in both if old[key] != new[key]),
        tuple(f"{_line(old[key])} → {_line(new[key])}" for key in both if old[key]["id"] != new[key]["id"]),
    )


def format_body(found: Mapping[str, Differences]) -> str:
    """Return the text of the pull request."""
    return "\n".join(_body(found)) + "\n"


def _body(found: Mapping[str, Differences]) -> Iterator[str]:
    for title, differences in found.items():
        yield f"## {title}"
        for what, lines in (
            ("Added", differences.added),
            ("Removed", differences.removed),
            ("Changed", differences.changed),
        ):
            yield f"\n{what}: {len(lines)}\n"
            yield from (f"- {each}" for each in lines)
        yield ""


def format_file(document: Row) -> str:
    """Return a data file with one row on each line, so that a review shows rows."""
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in document["permissions"])
    return f'{{\n"header": {json.dumps(document["header"])},\n"permissions": [\n{rows}\n]\n}}\n'


def refresh(root: Path, permissions: Path, tiers: Path) -> Mapping[str, Differences]:
    """Write the files and return what changed; write nothing if a known name has a new id."""
    documents = {PERMISSIONS: read_permissions(permissions), (TIER_0,): read_tier_0(tiers)}
    found = {}
    for paths, document in documents.items():
        before = json.loads((root / paths[0]).read_text("utf-8"))
        found[document["header"]["source"]] = compare(before, document)
    if not any(each.new_ids for each in found.values()):
        for paths, document in documents.items():
            for path in paths:
                (root / path).write_text(format_file(document), "utf-8")
    return found


def open_pull_request(root: Path, body: str) -> None:
    """Commit the files on a branch of their own and open a pull request with `gh`."""
    title = "deps: refresh Microsoft Graph's permissions and the tier-0 list"
    paths = [str(path) for path in (*PERMISSIONS, TIER_0)]
    for command in (
        ["git", "switch", "-q", "-C", BRANCH],
        ["git", "commit", "-q", "-m", title, "--", *paths],
        ["git", "push", "-q", "--force", "-u", "origin", BRANCH],
        [shutil.which("gh") or "gh", "pr", "create", "--head", BRANCH, "--title", title, "--body", body],
    ):
        subprocess.run(command, cwd=root, check=True)  # fixed commands; the body is data


def main(arguments: Iterable[str] | None = None) -> int:
    """Refresh the files; return 1 if a known name has a new id."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("permissions", type=Path, help="a clone of merill/microsoft-info")
    parser.add_argument("tiers", type=Path, help="a clone of emiliensocchi/azure-tiering")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout to change")
    parser.add_argument("--pull-request", action="store_true", help="commit, push and open a pull request")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    found = refresh(chosen.root, chosen.permissions, chosen.tiers)
    body = format_body(found)
    sys.stdout.write(body)
    new_ids = [line for each in found.values() for line in each.new_ids]
    if new_ids:
        sys.stderr.write(
            "Nothing was written. These known names have a new id:\n"
            + "".join(f"  {line}\n" for line in new_ids)
            + "Compare them with Microsoft Graph's service principal in a tenant. If the new ids are right, "
            "change them in the data files by hand, commit that, and run this again.\n"
        )
        return 1
    if chosen.pull_request and any(each.any for each in found.values()):
        open_pull_request(chosen.root, body)
    return 0


def _version(clone: Path) -> dict[str, str]:
    said = subprocess.run(
        ["git", "-C", str(clone), "log", "-1", "--format=%H %cs"],  # git of the path
        check=True,
        capture_output=True,
        text=True,
    )
    commit, date = said.stdout.split()
    return {"commit": commit, "date": date}


def _order(row: Row) -> tuple[str, str, str]:
    return row["value"].casefold(), row["value"], row["type"]


def _line(row: Row) -> str:
    details = ", ".join(f"{name} {row[name]}" for name in row if name not in ("value", "type"))
    return f"`{row['value']}` ({row['type']}): {details}"


if __name__ == "__main__":
    sys.exit(main())
