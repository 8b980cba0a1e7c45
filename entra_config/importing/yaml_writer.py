"""Write YAML as people write it: two blanks, lists indented, long lines in one piece."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import yaml

from entra_config.importing.application import Placeholder

# The texts that a reader of YAML takes for something else unless they are quoted, by their tag.
_NO_TEXT = {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"(?!_)[-+]?(?:0b[01_]+|0o?[0-7_]+|[0-9_]+|0x[0-9a-fA-F_]+)",
    "float": r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)"
    r"|\.[0-9_]+(?:[eE][-+][0-9]+)?|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)",
    "timestamp": r"\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)"
    r"\d\d?:\d\d:\d\d(?:\.\d*)?[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?)?",
    "merge": r"<<",
    "value": r"=",
}
_ESCAPED = re.compile(
    r'["\\\x85\u2028\u2029\ufeff]|[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]'
)


class _Quoted(str):
    """A text that is written in double quotes."""

    __slots__ = ()


class _Writer(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  # PyYAML's signature
        """Indent the items of a list below their key."""
        super().increase_indent(flow, False)

    def choose_scalar_style(self) -> Any:
        """Prefer double quotes to single ones that would double a quote or fold a line."""
        style = super().choose_scalar_style()
        event: Any = self.event
        return '"' if style == "'" and re.search(r"['\n]", event.value) else style

    def write_double_quoted(self, text: str, split: bool = True) -> None:  # noqa: ARG002  # PyYAML's signature
        """Write every character that can be seen as it is, and the text in one line."""
        self.write_indicator(f'"{_ESCAPED.sub(_escape, text)}"', True)


_Writer.yaml_implicit_resolvers = {}  # PyYAML's are those of YAML 1.1
for _tag, _pattern in _NO_TEXT.items():
    _Writer.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), None)
_Writer.add_representer(
    _Quoted, lambda writer, text: writer.represent_scalar("tag:yaml.org,2002:str", text, '"')
)


def dump(document: Mapping[str, Any]) -> str:
    """Return a document as YAML; `${` is escaped except in a `Placeholder`."""
    return yaml.dump(_prepare(document), Dumper=_Writer, sort_keys=False, allow_unicode=True, width=math.inf)


def _prepare(value: Any) -> Any:
    match value:
        case Placeholder():
            return str(value)
        case str():
            escaped = value.replace("${", "$${")
            # Other readers of YAML take more words for numbers, dates and truth than we do: quote what could
            # be one.
            return _Quoted(escaped) if _is_ambiguous(escaped) else escaped
        case Mapping():
            return {key: _prepare(item) for key, item in value.items()}
        case list() | tuple():
            return [_prepare(item) for item in value]
        case _:
            return value


def _is_ambiguous(text: str) -> bool:
    return (
        text.casefold() in {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ""}
        or text[:1].isdigit()
    )


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    short = yaml.emitter.Emitter.ESCAPE_REPLACEMENTS.get(character)
    if short is not None:
        return f"\\{short}"
    return f"\\x{ord(character):02X}" if character <= "\xff" else f"\\u{ord(character):04X}"
