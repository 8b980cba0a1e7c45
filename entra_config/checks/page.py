"""Write the pages about the rules of plan: an index and a page for each file of rules, in docs/checks/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from inspect import getdoc
from typing import Any

from entra_config.checks import table
from entra_config.checks.rule import Rule

# The pages, by file of rules, with what their rules are about.
PAGES: Mapping[str, str] = {
    "trust": "applications that an outsider can act as, and the deployer's identity",
    "pins": "names that the tenant has and the lock file has not",
    "consent": "consents to APIs of other owners",
    "names": "names and values",
    "protection": "takeovers, deletions, restores, and where secrets are sent",
    "use-by-others": "external applications that use this project's APIs",
    "undeclared": "what the tenant has and the manifest does not declare",
    "foreseen": "identifier URIs and roles that Microsoft Graph would refuse",
    "endings": "end dates",
    "preflight": "what the policies of the tenant refuse",
    "limits": "how much one apply may take away",
}
_MADE = "<!-- Made by `make generated`; a test compares it. -->"


def text() -> str:
    """Return the index: the prose of data/checks.md with the table of rules."""
    prose = resources.files("entra_config.checks").joinpath("data/checks.md").read_text(encoding="utf-8")
    rows = "\n".join(_row(stage, rule) for stage, rule in _rules())
    pages = "\n".join(f"- [{about[:1].upper()}{about[1:]}]({name}.md)" for name, about in PAGES.items())
    stages = "\n".join(f"- **{name}**: {about}" for name, (about, _) in table.STAGES.items())
    rules = f"{pages}\n\n| rule | stage | outcome | finds |\n|---|---|---|---|\n{rows}"
    return prose.replace("<!-- rules -->", rules).replace("<!-- stages -->", stages)


def page(name: str) -> str:
    """Return the page of one file of rules, in the order in which a plan asks them."""
    head = (
        f"# Checks: {PAGES[name]}\n\n{_MADE}\n\n[All rules](README.md) and "
        "[how to read an example](README.md#how-to-read-an-example).\n\n"
    )
    lines = [line for _, rule in _rules() if _page(rule) == name for line in _lines(rule)]
    return head + "\n".join(lines).rstrip() + "\n"


def _rules() -> list[tuple[str, Rule[Any]]]:
    return [(name, rule) for name, (_, stage) in table.STAGES.items() for _, walk in stage for rule in walk]


def _page(rule: Rule[Any]) -> str:
    return rule.check.__module__.rpartition(".")[2].replace("_", "-")


def _row(stage: str, rule: Rule[Any]) -> str:
    return f"| [`{rule.id}`]({_page(rule)}.md#{rule.id}) | {stage} | {rule.outcome} | {_about(rule)} |"


def _about(rule: Rule[Any]) -> str:
    about = " ".join((getdoc(rule.check) or "").split()).removeprefix("Find ")
    return about[0].upper() + about[1:]


def _lines(rule: Rule[Any]) -> Iterator[str]:
    word = f", lifted by `--allow {rule.word}`" if rule.word else ""
    yield f"## {rule.id}"
    yield f"\n{_about(rule)} Outcome: {rule.outcome}{word}."
    message = f"{rule.message}: {rule.remedy}" if rule.remedy else rule.message
    yield f"\n```text\n{message.replace('{{', '{').replace('}}', '}')}\n```"
    yield f"\n```yaml\n{rule.example.rstrip()}\n```\n"
