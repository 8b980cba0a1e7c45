"""Write the reference of the commands: an index and a page for each, in docs/cli/."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from entra_config.cli import completion, main
from entra_config.errors import EXIT_CODES

WIDTH = 100

_MADE = "<!-- Made by `make generated`; a test compares it. -->"
_HEAD = f"""\
# The command line

{_MADE}

Data goes to stdout, talk to stderr. Each common option has an environment variable. Exit codes
([what to do about each](../outcomes.md)):

{{exit_codes}}

Limits, each lifted by its word (`--allow WORD`, or `policy.allow: [WORD]` of the environment):

| word | stops |
|---|---|
| `many` | more than 10 people, or 10 applications, lose something in one apply, or 30 % of a role's people \
(3 always may) |
| `last` | a role that stays loses its last holder |
| `delete` | an application of a protected environment is deleted |
| `restore` | a deleted application of a protected environment is brought back |
| `used` | a scope or role is removed that an application of others requires |
| `dangerous` | consent to a permission that hands over the tenant, or everyone's data |
| `takeover` | an application that has another owner's tags becomes ours; lifted by `--allow` only |
| `sink` | in a protected environment, a secret goes to a place where none of its own was sent before; \
lifted by `--allow` only |
| `unseen` | what gives power or lowers a guard is more than a pull request's comments show; lifted by \
`--allow` only |
"""


def text() -> str:
    """Return the index: exit codes, limits, what all commands share, and a link to the page of each."""
    rows = (f"| [`{name}`]({name}.md) | {about} |" for name, (_, about) in main.COMMANDS.items())
    commands = "\n".join(("| command | what it is for |", "|---|---|", *rows))
    return "\n".join((_HEAD.format(exit_codes=exit_codes()), f"{commands}\n", _block(_program(), "##")))


def page(name: str) -> str:
    """Return the page of a command, with the commands below it."""
    head, *below = _command_blocks(_context(main.load(name), name, _program()), "#")
    title, _, options = head.partition("\n")
    return "\n".join((f"{title}\n\n{_MADE}\n\n{main.COMMANDS[name][1]}\n{options}", *below))


def exit_codes() -> str:
    """Return the table of exit codes, as Markdown."""
    rows = (f"| {code} | {words} |" for code, words in EXIT_CODES.items())
    return "\n".join(("| code | means |", "|---|---|", *rows))


def _program() -> Any:
    return _context(main.root(), completion.PROGRAM, None)


def _command_blocks(context: Any, level: str) -> Iterator[str]:
    """Yield the help of a command, and of the commands below it."""
    yield _block(context, level)
    for name, command in getattr(context.command, "commands", {}).items():
        yield from _command_blocks(_context(command, name, context), f"{level}#")


def _context(command: Any, name: str, parent: Any) -> Any:
    width = {"terminal_width": WIDTH, "max_content_width": WIDTH}
    return command.context_class(
        command, info_name=name, parent=parent, help_option_names=["-h", "--help"], **width
    )


def _block(context: Any, level: str) -> str:
    return f"{level} {context.command_path}\n\n```text\n{context.command.get_help(context)}\n```\n"
