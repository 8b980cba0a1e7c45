"""Templates in; a table of all secrets in them out, for docs/options.md.

`python -m tests.infra.secrets_table` writes it there, and the table of costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.infra import cost_table
from tests.infra.templates import ADDED, OPTIONS, ROOT, Json, Stack, inside, only

PAGE = ROOT / "docs/options.md"
BEGIN = "<!-- made by tests/infra/secrets_table.py, from the templates -->\n"
END = "\n<!-- end -->"
RESOLVES = "`{{resolve:…}}` | CloudFormation, when it deploys"
HEAD = "| option | secret | who reads it | where it is kept |\n|---|---|---|---|"
RESOLVED = re.compile(r"\{\{resolve:secretsmanager:(.+?):SecretString:\w*")


def table() -> str:
    """Return the table, a row for each secret of each option; an option without one says so."""
    rows = [HEAD]
    for option in OPTIONS:
        found = dict.fromkeys(row for name, stack in only(option).items() for row in _rows(name, stack))
        rows += [f"| {option} | {row} |" for row in found] or [f"| {option} | none | | |"]
    return "\n".join(rows)


def _rows(name: str, stack: Stack) -> Iterator[str]:
    for task in stack.every("AWS::ECS::TaskDefinition").values():
        for container in task["ContainerDefinitions"]:
            for each in container.get("Secrets", []):
                what, kept = each["Name"], _kept(stack, each["ValueFrom"])
                yield f"`{what}` | the task `{container['Name']}`, when it starts | {kept}"
    texts = [value for _, value in inside(stack.body["Resources"]) if isinstance(value, str)]
    for found in [each[1] for text in texts for each in RESOLVED.finditer(text)]:
        # What settings refuses to take from elsewhere (`aws_stack.py`).
        kept = found.replace("${AlbSecret}", "${Name}/alb").replace("${Name}", "NAME")
        yield f"{RESOLVES} `{name}` | Secrets Manager, `{kept}`"


def _kept(stack: Stack, value: Json) -> str:
    """Return where: the name of a secret of the same stack, or what a parameter says of another."""
    if "Fn::Sub" in value:
        name = value["Fn::Sub"].rpartition(":secret:")[2].replace("${Name}", "NAME")
        return f"Secrets Manager, `{name.translate(str.maketrans('', '', '${}'))}`"
    secret = stack.the(value["Ref"])["Name"]["Fn::Sub"].replace("${Name}", "NAME")
    return f"Secrets Manager, `{secret}`"


def page(text: str) -> str:
    """Return the page with the table of now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return cost_table.page(f"{before}{BEGIN}{table()}{END}{after}")


if __name__ == "__main__":
    assert set(ADDED.values()) <= set(OPTIONS)
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
