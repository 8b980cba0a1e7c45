"""A value in, text that a language reads back as that very value out: one function per language.

What people see escaped, and cannot copy back, is made in `report/escape.py`.
"""

from __future__ import annotations

import json as _json
import re
import shlex
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from entra_config.errors import UsageError

# In double quotes a shell takes these for more than themselves; `!` where somebody pastes a line into it.
_LIVE_IN_DOUBLE_QUOTES = re.compile(r'[\\$"`!]')
_BARE_IN_DOTENV = re.compile(r"[A-Za-z0-9_.:/@%+-]+")
_BARE_IN_YAML = re.compile(r"(?!(?:null|true|false)\Z)[A-Za-z][A-Za-z0-9_.-]*", re.IGNORECASE)
HTTPD_SIGNS = "letters, digits and `._~:/@+-`"
_BARE_IN_HTTPD = re.compile(r"[A-Za-z0-9._~:/@+-]+")
_POSTMAN_VARIABLE = re.compile(r"\{\{[^{}]*\}\}")


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the shell, by its name."""

    name: str


def sh(*parts: str | Variable) -> str:
    """Return one word of a shell: texts as they are, and what variables hold."""
    if not any(_LIVE_IN_DOUBLE_QUOTES.search(part) for part in parts if isinstance(part, str)):
        plain = all(isinstance(part, str) for part in parts)
        return shlex.quote("".join(map(str, parts))) if plain else f'"{_inside_double_quotes(parts)}"'
    runs = (list(run) for _, run in groupby(parts, key=type))
    return "".join(
        shlex.quote("".join(map(str, run))) if isinstance(run[0], str) else "".join(map(_alone, run))
        for run in runs
    )


def command(*words: object) -> str:
    """Return a command line of these words."""
    return shlex.join(map(str, words))


def python(value: str) -> str:
    """Return a string of Python."""
    return '"' + value.encode("unicode_escape").decode("ascii").replace('"', '\\"') + '"'


def typescript(value: str) -> str:
    """Return a string of TypeScript."""
    return _json.dumps(value)


def json(value: Any) -> str:
    """Return a JSON document for a file."""
    return _json.dumps(value, indent=2) + "\n"


def yaml(value: str) -> str:
    """Return a string of YAML, within brackets and braces too: what somebody copies from a message says
    what it says there.
    """
    if _BARE_IN_YAML.fullmatch(value):
        return value
    inner = "".join(
        f"\\{char}" if char in {"\\", '"'} else char if char.isprintable() else f"\\U{ord(char):08x}"
        for char in value
    )
    return f'"{inner}"'


def hcl(value: str) -> str:
    """Return a string of HCL: no template, no line break and no invisible character begins in one."""
    text = value.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
    return '"' + "".join(char if char.isprintable() else _hcl_escape(char) for char in text) + '"'


def _hcl_escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if char <= "\uffff" else f"\\U{ord(char):08x}"


def dotenv(value: str) -> str:
    """Return a value of a dotenv file, as python-dotenv reads it."""
    if _BARE_IN_DOTENV.fullmatch(value):
        return value
    text = value.replace("\\", "\\\\").replace("'", "\\'")
    # It fills `${NAME}` in even between single quotes, and has no escape for it but the default of no name.
    return "'" + text.replace("${", "${:-$}{") + "'"


def httpd(value: str) -> str:
    """Return a value of a `Define` of httpd, which puts it in as text wherever `${NAME}` stands: in regular
    expressions, within quotes and without. Nothing can be escaped for all of these.
    """
    if not _BARE_IN_HTTPD.fullmatch(value):
        raise UsageError(f"`{value}`: httpd reads more in it than a value; {HTTPD_SIGNS} can stand there")
    return value


def postman(value: str) -> str:
    """Return a text where Postman fills `{{variables}}` in, of which its texts have no escape."""
    if found := _POSTMAN_VARIABLE.search(value):
        raise UsageError(
            f"`{value}`: Postman would fill `{found[0]}` in as a variable; give it another value"
        )
    return value


def postman_json(value: Any) -> str:
    """Return JSON where Postman fills `{{variables}}` in: two braces stand in strings only, where one can
    be escaped.
    """
    return _json.dumps(value).replace("{{", "{\\u007b")


def code_span(line: str) -> str:
    """Return one line as a code span of Markdown: no markup, HTML, mention, issue reference or link begins
    in one.
    """
    marks = "`" * (_longest_run(line) + 1)
    # CommonMark takes one blank off each end where both have one, unless the span is all blank.
    pad = " " if line[:1] in {"`", " ", ""} or line[-1:] in {"`", " "} else ""
    return f"{marks}{pad}{line}{pad}{marks}" if line.strip() else "`(blank)`"


def code_cell(line: str) -> str:
    """Return one line as a code span in a cell of a Markdown table, where a bar ends the cell in code too."""
    return code_span(line).replace("|", "\\|")


def fenced_block(text: str, language: str = "") -> str:
    """Return lines as a fenced block of Markdown that none of them can close."""
    marks = "`" * max(3, _longest_run(text) + 1)
    return f"{marks}{language}\n{text.rstrip(chr(10))}\n{marks}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _alone(variable: str | Variable) -> str:
    assert isinstance(variable, Variable)
    return f'"${variable.name}"'


def _inside_double_quotes(parts: tuple[str | Variable, ...]) -> str:
    followers = [*(part if isinstance(part, str) else "$" for part in parts[1:]), ""]
    return "".join(
        part
        if isinstance(part, str)
        else f"${part.name}"
        if after[:1] in {"", "/", " ", "$"}
        else f"${{{part.name}}}"
        for part, after in zip(parts, followers, strict=True)
    )
