"""Write the page about the rules of lint, docs/lint.md."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

from entra_config.lint import table
from entra_config.lint.model import NAMES, Rule

SIDES = {"manifest": "the manifest", "live": "the tenant (`--live`)", "comments": "the manifest's comments"}


def text() -> str:
    """Return the page: the prose of data/lint.md with the table of rules, and each rule."""
    prose = resources.files("entra_config.lint").joinpath("data/lint.md").read_text(encoding="utf-8")
    rules = list(table.built_in().values())
    prose = prose.replace("<!-- rules -->", f"{_table(rules)}\n\n{''.join(map(_rule, rules))}".rstrip())
    return prose.replace("<!-- count -->", str(len(rules)))


def _table(rules: list[Rule]) -> str:
    head = ("| rule | severity | confidence | on | finds |", "|---|---|---|---|---|")
    return "\n".join((*head, *(_row(rule) for rule in rules)))


def _row(rule: Rule) -> str:
    return (
        f"| [`{rule.id}`](#{rule.id}) | {rule.severity} | {rule.confidence} | {', '.join(rule.on)} | "
        f"{rule.finds} |"
    )


def _rule(rule: Rule) -> str:
    return "\n".join(_lines(rule)) + "\n\n"


def _lines(rule: Rule) -> Iterator[str]:
    yield f"### {rule.id}"
    yield ""
    sides = " and ".join(SIDES[side] for side in rule.on)
    who = "" if rule.persona == "regular" else f", persona {rule.persona}"
    yield (
        f"{NAMES[rule.severity].capitalize()}, confidence {rule.confidence}{who}. On {sides}. "
        f"{rule.finds} {rule.why}"
    )
    yield ""
    if rule.options:
        reported = ", ".join(f"`{name}` ({default})" for name, default in rule.options.items())
        yield f"Options in `policy.lint.rules`: {reported}."
        yield ""
    for says, example in (("Told", rule.bad), ("Silent", rule.good)):
        yield f"{says}:"
        yield ""
        yield "```yaml"
        yield example.replace("«", "").rstrip()
        yield "```"
        yield ""
    yield f"To mend it: {rule.fix} Source: {rule.source}."
