"""Write the pages about the rules of lint: an index and a page for each subject, in docs/lint/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources

from entra_config.lint import table
from entra_config.lint.model import NAMES, Rule

SIDES = {"manifest": "the manifest", "live": "the tenant (`--live`)", "comments": "the manifest's comments"}
# The pages with their titles, and how the ids of their rules begin. The longest beginning decides.
PAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "applications": (
        "applications and who they admit",
        ("aad", "app", "audience", "microsoft", "name", "native", "public", "ropc", "sp-lock"),
    ),
    "certificates": ("certificates and service principals' credentials", ("cert", "microsoft-sp", "sp")),
    "federated-credentials": ("federated credentials", ("fic",)),
    "federated-pipelines": (
        "federated credentials of pipelines",
        ("fic-flexible", "fic-github", "fic-no-workflow", "fic-pull-request", "fic-ref", "fic-subject"),
    ),
    "manifest": ("comments and entries of the manifest", ("suppression", "text", "until")),
    "owners": ("owners", ("owner",)),
    "permissions": ("permissions and consents", ("consent", "deployer", "external", "permission")),
    "redirect-uris": ("redirect URIs", ("logout", "redirect")),
    "roles-and-scopes": (
        "app roles, scopes and who has them",
        ("assign", "assignment", "authorized", "exposed", "require", "role", "scope"),
    ),
    "secrets": ("secrets", ("secret",)),
    "tenant": ("the policies of the tenant", ("tenant",)),
    "tokens": (
        "identifier URIs and the contents of tokens",
        ("groups", "identifier", "implicit", "mcp", "token", "unverified"),
    ),
}
_MADE = "<!-- Made by `make generated`; a test compares it. -->"


def text() -> str:
    """Return the index: the prose of data/lint.md, and for each page a table of its rules."""
    prose = resources.files("entra_config.lint").joinpath("data/lint.md").read_text(encoding="utf-8")
    rules = "\n\n".join(_table(name) for name in PAGES)
    return prose.replace("<!-- rules -->", rules).replace("<!-- count -->", str(len(table.built_in())))


def page(name: str) -> str:
    """Return the page of one subject, with its rules."""
    head = f"# Lint: {PAGES[name][0]}\n\n{_MADE}\n\n[All rules](README.md), and how to silence one.\n\n"
    return f"{head}{''.join(map(_rule, _rules(name)))}".rstrip() + "\n"


def find_page(rule: str) -> str:
    """Return the name of the page that describes a rule."""
    beginnings = {beginning: name for name, (_, rules) in PAGES.items() for beginning in rules}
    return beginnings[max((each for each in beginnings if f"{rule}-".startswith(f"{each}-")), key=len)]


def _rules(name: str) -> list[Rule]:
    return [rule for rule in table.built_in().values() if find_page(rule.id) == name]


def _table(name: str) -> str:
    title = f"### [{PAGES[name][0][:1].upper()}{PAGES[name][0][1:]}]({name}.md)\n"
    head = ("| rule | severity | confidence | on | finds |", "|---|---|---|---|---|")
    return "\n".join((title, *head, *(_row(rule, name) for rule in _rules(name))))


def _row(rule: Rule, name: str) -> str:
    cells = f"{rule.severity} | {rule.confidence} | {', '.join(rule.on)} | {rule.finds}"
    return f"| [`{rule.id}`]({name}.md#{rule.id}) | {cells} |"


def _rule(rule: Rule) -> str:
    return "\n".join(_lines(rule)) + "\n\n"


def _lines(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id}"
    yield ""
    sides = " and ".join(SIDES[side] for side in rule.on)
    persona = "" if rule.persona == "regular" else f", persona {rule.persona}"
    yield (
        f"{NAMES[rule.severity].capitalize()}, confidence {rule.confidence}{persona}. On {sides}. "
        f"{rule.finds} {rule.why}"
    )
    yield ""
    if rule.options:
        options = ", ".join(f"`{name}` ({default})" for name, default in rule.options.items())
        yield f"Options in `policy.lint.rules`: {options}."
        yield ""
    for label, example in (("Reported", rule.bad), ("Not reported", rule.good)):
        yield f"{label}:"
        yield ""
        yield "```yaml"
        yield example.replace("«", "").rstrip()
        yield "```"
        yield ""
    yield f"To fix it: {rule.fix} Source: {rule.source}."
