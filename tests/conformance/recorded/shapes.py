"""Read the recorded answers, and decide which of them can be compared."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# What a recorder writes in place of an id, and of the object that had it.
_REPLACED = "00000000-0000-0000-0000-000000000000"
# Paths of other services, which this product does not replace.
_OTHER_SERVICES = ("/identity/", "/teams", "/me/joinedTeams", "/admin/")


@dataclass(frozen=True)
class Shape:
    """One recorded answer: values are masked (`<guid>`, `<date>`), names, nulls and constants are kept."""

    number: int
    recorded: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Return the name by which lists and tests call it."""
        return f"{self.number:03}-{self.month or 'undated'}-{self.kind}"

    @property
    def kind(self) -> str:
        """Return the type of what was answered."""
        return str(self.recorded["kind"])

    @property
    def month(self) -> str:
        """Return the month of the answer; none where nothing dates it."""
        return self.recorded["date"] or ""

    @property
    def path(self) -> str:
        """Return the path with its version, ids masked."""
        return str(self.recorded["path"])

    @property
    def body(self) -> dict[str, Any]:
        """Return the masked body."""
        return dict(self.recorded["shape"])

    @property
    def items(self) -> list[dict[str, Any]]:
        """Return the objects in the body: those of a list, or the one that it is."""
        return list(self.body.get("value", [self.body]))

    @property
    def not_compared(self) -> str:
        """Return why it cannot be compared; empty where it can."""
        if not self.recorded["method"] or not self.recorded["path"]:
            return "no method or path"
        if "filter={x}" in self.recorded["path"]:
            return "no method or path"
        if self.recorded["trimmed"] or any(item.get("id") == _REPLACED for item in self.items):
            return "trimmed body"
        path = self.path.removeprefix("/v1.0").removeprefix("/beta")
        if path.startswith(_OTHER_SERVICES):
            return "another service's answer"
        if "PascalCase" in self.recorded.get("note", ""):
            return "an SDK's object, not an answer"
        return ""


def read_shapes() -> list[Shape]:
    """Return every recorded answer, in the order of the file."""
    lines = (HERE / "shapes.jsonl").read_text(encoding="utf-8").splitlines()
    return [Shape(number, json.loads(line)) for number, line in enumerate(lines, 1)]
