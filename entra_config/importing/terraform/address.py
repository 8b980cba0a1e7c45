"""Read the address of a resource instance in a Terraform state, and show it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from entra_config import quoting

_NAME = r"[^\W\d][\w-]*"
_KEY = r'(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?'
_MODULE = re.compile(rf"module\.({_NAME})({_KEY})(?:\.|$)")
_RESOURCE = re.compile(rf"({_NAME})\.({_NAME})({_KEY})")


@dataclass(frozen=True, slots=True)
class Address:
    """The modules that lead to a resource, its type and name; each step has its instance key in brackets, or
    nothing.
    """

    modules: tuple[tuple[str, str], ...]
    type: str
    name: str
    key: str = ""

    def __str__(self) -> str:
        modules = "".join(f"module.{name}{key}." for name, key in self.modules)
        return f"{modules}{self.type}.{self.name}{self.key}"

    @property
    def resource(self) -> str:
        """Return the address of the resource block, which has no instance key in any step."""
        modules = "".join(f"module.{name}." for name, _ in self.modules)
        return f"{modules}{self.type}.{self.name}"

    @property
    def words(self) -> str:
        """Return the words that a key of the manifest is made of."""
        return " ".join([*(f"{name} {key}" for name, key in self.modules), self.name, self.key])


def parse(text: str) -> Address | None:
    """Return an address, or None if the text is not one."""
    modules, end = _modules(text)
    match = _RESOURCE.fullmatch(text, end)
    if match is None or not text.isprintable():
        return None
    return Address(modules, match[1], match[2], match[3])


def join(module: str, type_: str, name: str, key: object) -> Address | None:
    """Return the address whose parts a state file has apart, or None if they do not make one."""
    shown = "" if key is None else f"[{quoting.hcl(key) if isinstance(key, str) else key}]"
    return parse(f"{module}.{type_}.{name}{shown}" if module else f"{type_}.{name}{shown}")


def _modules(text: str) -> tuple[tuple[tuple[str, str], ...], int]:
    found: list[tuple[str, str]] = []
    end = 0
    while match := _MODULE.match(text, end):
        found.append((match[1], match[2]))
        end = match.end()
    return tuple(found), end
