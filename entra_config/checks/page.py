"""Write the page about the rules of plan, docs/checks.md."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from inspect import getdoc
from typing import Any

from entra_config.checks import table
from entra_config.checks.rule import Rule


def text() -> str:
    """Return the page: the prose of data/checks.md with the table of rules, and each rule."""
    prose = resources.files("entra_config.checks").joinpath("data/checks.md").read_text(encoding="utf-8")
    rules = [(name, rule) for name, (_, stage) in table.STAGES.items() for _, walk in stage for rule in walk]
    rows = ("| rule | stage | outcome | finds |", "|---|---|---|---|", *(_row(*each) for each in rules))
    every = "\n".join((*rows, "", *(line for _, rule in rules for line in _lines(rule)))).rstrip()
    stages = "\n".join(f"- **{name}**: {about}" for name, (about, _) in table.STAGES.items())
    return prose.replace("<!-- rules -->", every).replace("<!-- stages -->", stages)


def _row(stage: str, rule: Rule[Any]) -> str:
    return f"| [`{rule.id}`](#{rule.id}) | {stage} | {rule.outcome} | {_about(rule)} |"


def _about(rule: Rule[Any]) -> str:
    about = " ".join((getdoc(rule.check) or "").split()).removeprefix("Find ")
    return about[0].upper() + about[1:]


def _lines(rule: Rule[Any]) -> Iterator[str]:
    word = f", lifted by `--allow {rule.word}`" if rule.word else ""
    yield f"### {rule.id}"
    yield f"\n{_about(rule)} Outcome: {rule.outcome}{word}."
    message = f"{rule.message}: {rule.remedy}" if rule.remedy else rule.message
    yield f"\n```text\n{message.replace('{{', '{').replace('}}', '}')}\n```"
    yield f"\n```yaml\n{rule.example.rstrip()}\n```\n"
