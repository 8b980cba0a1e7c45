"""`entra-config completion`: the script that lets a shell complete commands and options, and the answers that
this script puts in place.

What completes comes from a manifest, which may be an attacker's: no script evaluates a value, and each is
quoted for its shell.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import typer

PROGRAM = "entra-config"
COMPLETE = "_ENTRA_CONFIG_COMPLETE"
#: What `entra-config completion SHELL` prints; the program is asked under `values_SHELL`.
SCRIPTS = {
    "bash": """\
_entra_config_completion() {
    local each
    COMPREPLY=()
    while IFS= read -r each; do
        [[ -n $each ]] && COMPREPLY+=("$each")
    done < <(IFS=$'\\n'; COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \\
        _ENTRA_CONFIG_COMPLETE=values_bash entra-config 2>/dev/null)
}

complete -o default -F _entra_config_completion entra-config
""",
    "zsh": """\
#compdef entra-config

_entra_config_completion() {
  local each
  local -a found shown
  for each in "${(@f)$(COMP_WORDS="${(F)words[1,$CURRENT]}" COMP_CWORD=$((CURRENT - 1)) \\
      _ENTRA_CONFIG_COMPLETE=values_zsh entra-config 2>/dev/null)}"; do
    [[ -n $each ]] || continue
    found+=("${each%%$'\\t'*}")
    shown+=("${each/$'\\t'/  -- }")
  done
  if (( ${#found} )); then
    compadd -l -d shown -a found
  else
    _files
  fi
}

compdef _entra_config_completion entra-config
""",
    "fish": """\
function __entra_config_values
    set -l words (commandline --tokenize --cut-at-cursor) (commandline --current-token --cut-at-cursor)
    COMP_WORDS=(string join \\n -- $words | string collect) COMP_CWORD=(math (count $words) - 1) \\
        _ENTRA_CONFIG_COMPLETE=values_fish entra-config 2>/dev/null
end

complete --command entra-config --no-files \\
    --condition "count (__entra_config_values)" --arguments "(__entra_config_values)"
""",
}
# What bash would take for more than itself in a word, by the quote that the word began with.
_SPECIAL = {"": re.compile(r"([^\w@%+=:,./-])"), '"': re.compile(r'(["\\$`])'), "'": re.compile("(')")}

app = typer.Typer()


@app.command()
def command(
    shell: Annotated[Literal["bash", "zsh", "fish", "powershell"], typer.Argument(help="The shell.")],
) -> int:
    """Print the script that completes commands in a shell: source <(entra-config completion bash)."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]  # re-exported in fact

    if shell in SCRIPTS:
        typer.echo(SCRIPTS[shell], nl=False)
        return 0
    typer.echo(get_completion_script(prog_name=PROGRAM, complete_var=COMPLETE, shell=shell))
    return 0


@dataclass(frozen=True)
class AtTheCursor:
    """What stands before the cursor: whole words, the word that is begun, and what of it stays as it is."""

    before: tuple[str, ...]
    begun: str
    kept: str = ""
    quote: str = ""


def at_the_cursor(environ: Mapping[str, str], split: Any) -> AtTheCursor:
    """Read what a script hands over: the words as they were typed, a line each, and which is begun."""
    typed = environ.get("COMP_WORDS", "").split("\n")
    position = int(environ.get("COMP_CWORD", "0"))
    words = ["".join(split(word)) for word in typed]
    # bash breaks words at `=`, and calls `=` a word: an option and its value are two words anyway.
    whole = [
        word
        for number, word in enumerate(words[1:position], start=1)
        if not (word == "=" and words[number - 1].startswith("--"))
    ]
    begun = words[position] if position < len(words) else ""
    opening = typed[position][:1] if position < len(typed) else ""
    quote = opening if opening in {"'", '"'} else ""
    if begun == "=" and whole and whole[-1].startswith("--"):
        return AtTheCursor(tuple(whole), "", "", quote)
    option, sign, value = begun.partition("=")
    if sign and option.startswith("--"):
        return AtTheCursor((*whole, option), value, f"{option}=", quote)
    return AtTheCursor(tuple(whole), begun, "", quote)


def complete(command: Any, program: str, variable: str, shell: str, environ: Mapping[str, str]) -> list[str]:
    """Return a line for each completion, as the shell's script takes it."""
    # Completion is click's, wherever this version of typer keeps it.
    core = next(base.__module__ for base in type(command).__mro__ if base.__name__ == "Command")
    click = importlib.import_module(f"{core.rpartition('.')[0]}.shell_completion")
    question = at_the_cursor(environ, click.split_arg_string)
    # What it finds is the same for each shell; how it is written differs, and is ours.
    completing = click.get_completion_class("bash")(command, {}, program, variable)
    found = completing.get_completions(list(question.before), question.begun)
    return [
        _line(shell, question, str(each.value), each.help or "")
        for each in found
        if each.type == "plain" and str(each.value).isprintable()
    ]


def _line(shell: str, question: AtTheCursor, value: str, about: str) -> str:
    if shell == "bash":
        return _SPECIAL[question.quote].sub(r"'\\''" if question.quote == "'" else r"\\\1", value)
    return f"{question.kept}{value}\t{' '.join(about.split())}" if about else f"{question.kept}{value}"
