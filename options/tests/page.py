"""Write the page about attacks, docs/attacks.md, from their table and outcomes.

Outcomes are in `outcomes.json`, each as it was measured and read;
`test_attacks.py` holds them against what runs, and leaves what it measured in `output/attacks.json`:
`python -m options.tests.page` takes that over.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]
Outcomes = Mapping[str, Mapping[str, str]]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MEASURED = ROOT / "output" / "attacks.json"
#: Each host, as it is attacked, beside its task, past the load balancer.
HOSTS = {
    "B page": "B: page",
    "B api": "B: programs",
    "C": "C",
    "D": "D",
    "E page": "E: page",
    "E api": "E: programs",
}
PAST_HTTPD = "E API!"
PLACES = (*(key + end for key in HOSTS for end in ("", "!")), PAST_HTTPD)
#: What is not refused, by attack and host: why it is known, and where it is weighed.
_COPY = (
    "No server keeps its sessions, so a copy of the cookie lives until its own end, 8 hours at most, or "
    "until the key is another ([options](options.md))."
)
_CODE = "somebody else's code under one's own `state` (PKCE, nonce)"
KNOWN: dict[tuple[str, str], str] = {
    (_CODE, "B page"): (
        "A load balancer sends neither PKCE's challenge nor a nonce: whoever takes a person's code on its "
        "way, before the load balancer has redeemed it, signs in as that person. C and E refuse it."
    ),
    ("a copy of the cookie after a sign-out", "B page"): _COPY,
    ("a copy of the cookie after a sign-out", "E page"): _COPY,
}
HEAD = """\
<!-- Made by `make generated` of options/tests/table.yaml and outcomes.json; a test compares it. -->
# Attacks on tokens, headers, cookies and sign-ins

`make test-options` sends {rows} attacks to options [B, C, D and E](options.md) as they run in this
repository: through a stand-in for the load balancer, and directly to the task behind it, {cells} requests in
all. It compares each answer with `options/tests/outcomes.json`, which has the exact answer, and the reason
where an attack makes no sense for an option ({share} % of the requests). No real load balancer and no Entra
was attacked ([not run here](not-run-here.md)).

An attack counts as refused only if what it wanted did not happen: no record was written, nobody else's name,
role, record or token was shown, no address led to another site, no session began, no server of the attacker's
was asked, no cookie was set that other hosts read.
"""
_PAST_HTTPD = """\
## If the port behind httpd were open

Option E's API listens on loopback only. If its port were open to a network, it would answer these attacks
with {answers}. It believes `X-Auth-*` only of a process on the same machine
([why](decisions/0037-a-proxy-is-believed-on-loopback.md)).
"""


def table() -> list[Json]:
    """Return the attacks in their order."""
    rows: list[Json] = yaml.safe_load((HERE / "table.yaml").read_text(encoding="utf-8"))
    return [each for row in rows for each in _each(row)]


def _each(row: Json) -> list[Json]:
    """Return the attack, one for each of its paths: the first has its name."""
    first, *more = row.get("paths") or [row.get("path", "/me")]
    named = {path: {"path": path, "name": f"{row['name']}, at `{path}`"} for path in more}
    return [row | {"path": first}, *(row | changes for changes in named.values())]


def outcomes() -> dict[str, dict[str, str]]:
    """Return what came of each attack in each place, as it was measured and read."""
    found: dict[str, dict[str, str]] = json.loads((HERE / "outcomes.json").read_text(encoding="utf-8"))
    return found


def text(rows: Iterable[Json], came: Outcomes) -> str:
    """Return the page."""
    rows = list(rows)
    cells = [came[row["name"]][place] for row in rows for place in PLACES]
    absent = sum(cell.startswith("n/a") for cell in cells)
    share = f"{100 * absent / len(cells):.0f}"
    parts = [HEAD.format(rows=len(rows), cells=len(cells), share=share)]
    parts += [_passed(rows, came), _only(rows, came), _httpd(rows, came)]
    for group in dict.fromkeys(row["group"] for row in rows):
        parts.append(f"## {group}\n\n" + _chapter([row for row in rows if row["group"] == group], came))
    return "\n".join(parts)


def only_the_balancer(rows: Iterable[Json], came: Outcomes) -> list[tuple[str, str]]:
    """Return which attacks on which host the stand-in stops, and nothing behind it."""
    return [
        (row["name"], host)
        for row in rows
        for host in HOSTS
        if came[row["name"]][host].startswith("refused")
        and came[row["name"]][host + "!"].startswith("passed")
    ]


def _only(rows: list[Json], came: Outcomes) -> str:
    found = only_the_balancer(rows, came)
    listed = [f"- {HOSTS[host]}: {name}. The task: {came[name][host + '!']}" for name, host in found]
    nothing = "Nothing: each task refuses by itself what is refused before it."
    return "## What the load balancer alone stops\n\n" + ("\n".join(listed) or nothing) + "\n"


def _passed(rows: list[Json], came: Outcomes) -> str:
    found = [
        f"- {HOSTS[host]}: {name} ({came[name][host].removeprefix('passed ')}). {KNOWN[name, host]}"
        for name in (row["name"] for row in rows)
        for host in HOSTS
        if came[name][host].startswith("passed")
    ]
    return "## What is not refused\n\n" + ("\n".join(found) or "Nothing.") + "\n"


def _httpd(rows: list[Json], came: Outcomes) -> str:
    kinds = sorted({came[row["name"]][PAST_HTTPD] for row in rows} - {""})
    answers = ", ".join(f"`{kind.removeprefix('refused ')}`" for kind in kinds if kind.startswith("refused"))
    return _PAST_HTTPD.format(answers=answers)


def _chapter(rows: list[Json], came: Outcomes) -> str:
    """Return how many attacks of a chapter each option refuses, and their names."""
    lines = [f"| {' | '.join(('', *HOSTS.values()))} |", f"|---|{'---:|' * len(HOSTS)}"]
    for label, start in (("refused", "refused"), ("not refused", "passed"), ("no attack there", "n/a")):
        counts = [sum(came[row["name"]][host].startswith(start) for row in rows) for host in HOSTS]
        lines.append(f"| {label} | {' | '.join(map(str, counts))} |")
    return "\n".join([*lines, "", *(f"- {row['name']}" for row in rows)]) + "\n"


def take() -> None:
    """Take what was measured for what is expected: it is read in the difference, cell by cell."""
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    kept = outcomes() if (HERE / "outcomes.json").exists() else {}
    names = [row["name"] for row in table()]
    made = {name: kept.get(name, {}) | found.get(name, {}) for name in names}
    (HERE / "outcomes.json").write_text(
        json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    take()
