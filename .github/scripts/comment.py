# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""Plans of this run in, comments on the pull request out: one or, where what gives power needs them, up to
five; then updated.

Usage: comment.py PULL_NUMBER FOLDER ENVIRONMENT... (FOLDER holds ENVIRONMENT.md and ENVIRONMENT.json; the
first is shown first) With PLANNED=false, as the pull request changes no manifest: a comment that is there is
updated, none is written.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

# Python is started isolated (-I): the folder of this very script is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

import room
from github_api import BODY_LIMIT, Api

MARKER = "<!-- entra-config:plan -->"
# What the run after the merge compares with takes this much of the comment; of a larger plan only the whole
# is compared.
DIGESTS = 10_000
# What `--format markdown` writes alone in a line between what a reviewer must read and the rest.
REST = "<!-- entra-config:rest -->"
# A comment in the manifest by which lint is silent: it is for all environments.
SILENT = re.compile(r"(! guard +lint)( is silent of ).")
MOST = 5  # comments
FOOT = 250  # characters at most: the link to the run, and what parts have between them
CUT = 60  # characters at most that count what is cut
LEAST = 3_000  # characters of the rest that are worth a comment of their own
SUMMARY = 1_000_000  # bytes: plan_for_review.sh leaves a larger plan out of the job's summary
NOTHING = "This pull request changes no manifest: nothing would be planned or applied."


def summary(plan: dict[str, Any]) -> dict[str, Any]:
    """Return a saved plan's digest, and a short digest of what it would do to each object."""
    objects = {name: _short(changed) for name, changed in plan["content"].items()}
    return {"digest": plan["digest"], "objects": objects}


def _short(changed: object) -> str:
    return hashlib.sha256(json.dumps(changed, sort_keys=True).encode()).hexdigest()[:8]


def hidden(plans: dict[str, dict[str, Any]]) -> str:
    """Return the summaries by environment, for the run after the merge; other people's names cannot end
    the HTML comment.
    """
    found = {name: summary(plan) for name, plan in plans.items()}
    for name in sorted(found, key=lambda name: len(found[name]["objects"]), reverse=True):
        if len(_written(found)) > DIGESTS:
            found[name]["objects"] = {}
    return _written(found)


def _written(found: dict[str, dict[str, Any]]) -> str:
    text = (
        json.dumps(found, sort_keys=True, separators=(",", ":"))
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
    )
    return f"<!-- entra-config:digests {text} -->"


def bodies(folder: Path, order: Sequence[str], run_url: str) -> list[str]:
    """Return the comments: what gives power in every environment, whole and in this order; then the rest,
    which may be cut.

    The first also holds what the run after the merge compares with.
    """
    found = sorted(path.stem for path in folder.glob("*.md"))
    if not found:
        raise SystemExit(f"no plan in {folder}: the plan job wrote none")
    names = [*dict.fromkeys(name for name in (*order, *found) if name in found)]
    saved = {
        name: json.loads(file.read_text()) for name in names if (file := folder / f"{name}.json").exists()
    }
    plans = [(folder / f"{name}.md").read_text().strip() for name in names]
    wholes = [whole(name, plan, run_url) for name, plan in zip(names, plans, strict=True)]
    # A name that holds this line stands in code, with a sign before it.
    firsts, rests = zip(*(_parts(plan) for plan in plans), strict=True)
    firsts = tuple(once(firsts))
    heads = [f"{MARKER}\n{hidden(saved)}", *(marker(number) for number in range(2, MOST + 1))]
    kept = sum(len(each) + CUT for each in wholes)
    pages = room.Pages([BODY_LIMIT - len(head) - FOOT - kept for head in heads])
    for first, each in zip(firsts, wholes, strict=True):
        pages.add(first, each)
    left = pages.left
    if left < LEAST * len(rests) and sum(map(len, rests)) > left and pages.next():
        left = pages.left
    parts = room.share(rests, left + kept - 2 * len(rests))
    cut = [room.cut(rest, part, each) for rest, part, each in zip(rests, parts, wholes, strict=True)]
    *others, last = pages.texts()
    shown = [*others, "\n\n".join([last, *filter(None, cut)])]
    foots = [
        f"[Run]({run_url})" + (f", {number} of {len(shown)}" if len(shown) > 1 else "")
        for number in range(1, len(shown) + 1)
    ]
    return [f"{head}\n\n{text}\n\n{foot}" for head, text, foot in zip(heads, shown, foots, strict=False)]


def whole(name: str, plan: str, run_url: str) -> str:
    """Return where an environment's plan is whole."""
    summary = " its summary," if len(plan.encode()) < SUMMARY else ""
    artifact = os.environ.get("PLANS_ARTIFACT") or f"plan-{name}"
    return f"the whole is the artifact `{artifact}` of [the run]({run_url}),{summary} and its job's output."


def marker(number: int) -> str:
    """Return the line that begins a comment of this number."""
    return MARKER if number == 1 else f"<!-- entra-config:plan {number} -->"


def once(firsts: Iterable[str]) -> Iterator[str]:
    """Yield what each environment begins with: what an earlier one says of a comment that silences lint is
    counted.
    """
    reported: set[str] = set()
    for first in firsts:
        lines = first.split("\n")
        again = [line for line in lines if line in reported]
        if again:
            # Shorter than any line that it stands for, so that what had room has room.
            place, guard = lines.index(again[0]), SILENT.match(again[0])
            lines[place : place + 1] = [f"{guard[1] if guard else ''}: {len(again)} as above"]
            lines = [line for line in lines if line not in reported]
        reported |= {line for line in lines if SILENT.match(line)}
        yield "\n".join(lines)


def _parts(plan: str) -> tuple[str, str]:
    lines = plan.split("\n")
    place = lines.index(REST) if REST in lines else len(lines)
    return "\n".join(lines[:place]).strip(), "\n".join(lines[place + 1 :]).strip()


def written(api: Api, pull: int) -> dict[int, dict[str, Any]]:
    """Return the comments that an earlier run wrote, by number."""
    found: dict[int, dict[str, Any]] = {}
    for comment in api.pages(f"/issues/{pull}/comments?per_page=100"):
        for number in range(1, MOST + 1):
            # A person may quote the marker; only a workflow's own comment is ours.
            if comment["user"]["type"] == "Bot" and comment["body"].startswith(marker(number)):
                found.setdefault(number, dict(comment))
    return found


def upsert(api: Api, pull: int, texts: Sequence[str]) -> list[str]:
    """Write the comments, or update those that are there, and delete those that are too many; return their
    URLs.
    """
    before = written(api, pull)
    urls = []
    for number, text in enumerate(texts, 1):
        if number in before:
            answer = api.send("PATCH", f"/issues/comments/{before[number]['id']}", {"body": text})
        else:
            answer = api.send("POST", f"/issues/{pull}/comments", {"body": text})
        urls.append(str(answer["html_url"]))
    for number, comment in before.items():
        if number > len(texts):
            api.send("DELETE", f"/issues/comments/{comment['id']}")
    return urls


if __name__ == "__main__":
    client, number = Api(), int(sys.argv[1])
    if os.environ["PLANNED"] != "false":
        print(*upsert(client, number, bodies(Path(sys.argv[2]), sys.argv[3:], client.run_url)), sep="\n")
    elif written(client, number):
        print(*upsert(client, number, [f"{MARKER}\n{NOTHING}\n\n[Run]({client.run_url})"]), sep="\n")
