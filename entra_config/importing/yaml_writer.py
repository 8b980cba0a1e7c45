"""Write YAML as people write it: two blanks, lists indented, long lines in one piece."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import yaml

from entra_config.characters import invisible
from entra_config.importing.application import Placeholder
from entra_config.manifest.reading.yaml import scalar

_TAGS: dict[type, str] = {
    type(None): "tag:yaml.org,2002:null",
    bool: "tag:yaml.org,2002:bool",
    int: "tag:yaml.org,2002:int",
    float: "tag:yaml.org,2002:float",
}


class _Quoted(str):
    """A text that is written in double quotes."""

    __slots__ = ()


class _Writer(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  # PyYAML's signature
        """Indent the items of a list below their key."""
        super().increase_indent(flow, False)

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """Return the tag of a plain text: as the reader of manifests takes it, and as YAML 1.1 does if that
        is a text.
        """
        plain = kind is yaml.ScalarNode and implicit[0]
        tag = _TAGS.get(type(scalar(value))) if plain else None
        untyped: Any = super()
        return tag or untyped.resolve(kind, value, implicit)

    def choose_scalar_style(self) -> Any:
        """Prefer double quotes to single ones that would double a quote, and to what hides a character."""
        style = super().choose_scalar_style()
        event: Any = self.event
        if any(map(invisible, event.value)):
            return '"'
        return '"' if style == "'" and "'" in event.value else style

    def write_double_quoted(self, text: str, split: bool = True) -> None:  # noqa: ARG002  # PyYAML's signature
        """Write every character that can be seen as it is, and the text in one line."""
        self.write_indicator(f'"{"".join(map(_escape, text))}"', True)


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


def _escape(char: str) -> str:
    short = yaml.emitter.Emitter.ESCAPE_REPLACEMENTS.get(char)
    if char in {'"', "\\"} or (short is not None and invisible(char)):
        return f"\\{short}"
    if not invisible(char):
        return char
    return f"\\u{ord(char):04X}" if char <= "\uffff" else f"\\U{ord(char):08X}"
