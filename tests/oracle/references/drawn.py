"""Random manifests in which each field that can name something names something: by variables, overrides,
aliases, ids and lists, in several files. Who draws one knows what was written, and asks no engine.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from entra_emulator import seed
from tests.unit.manifest.every_reference import FILES, TENANT

LEAVER, OTHERS = "erin@contoso.com", ("alice@contoso.com", "bob@contoso.com", "frank@contoso.com")
WORDS = {
    "api": "ledger",
    "web": "portal",
    "Reader": "Auditor",
    "dora@contoso.com": "grace@contoso.com",
    "olga@contoso.com": "carol@contoso.com",
    "paul@contoso.com": "dave@contoso.com",
    "Staff": "All Staff",
    "Deployers": "MyApp Developers",
    "Crew ${environment}": "Audit",
    "Guild": "On call",
}
INSIDE = re.compile(
    r"(?<=applications[/.])(api|web)(?=[/.])|(?<=appRoleAssignments/)api(?=/)|(?<=/)Reader$|^api(?=/)"
)


def person_id(upn: str) -> str:
    """Return the object id of a user of the emulator's example directory."""
    return seed.fixed_id(seed.CONTOSO, "user", upn)


def worded(value: Any, key: str = "") -> Any:
    """Return the data with words that occur in it as names alone."""
    if isinstance(value, dict):
        # `api` with a text is the field of that name.
        fields = {name for name, item in value.items() if isinstance(item, str)}
        return {
            name if name in fields else WORDS.get(name, name): worded(item, name)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [worded(item, key) for item in value]
    if not isinstance(value, str) or key in {"type", "folder"}:
        return value
    return WORDS.get(value) or INSIDE.sub(lambda found: WORDS[found[0]], value)


class Drawn:
    """One manifest: its files as data, with the leaver in lists of people, however that may be written."""

    def __init__(self, number: int, *, small: bool = False) -> None:
        self.chance = random.Random(number)
        self.small = small
        files = {name: worded(yaml.safe_load(text)) for name, text in FILES.items() if "lock" not in name}
        self.root: dict[str, Any] = files["entra-config.yaml"]
        self.tests = files["tests/access.yaml"]
        self.team = files["team.yaml"]
        self.rest: dict[str, Any] = files["applications.yaml"]
        self.root["files"] = [f for f in self.root["files"] if isinstance(f, dict)]
        if small:
            self._shrink()
        self._place()
        self._write_in_other_ways()

    def _shrink(self) -> None:
        """Leave out what needs other applications in the tenant, or more environments."""
        del (
            self.root["grants"],
            self.root["settings"],
            self.root["removed"],
            self.rest["enterpriseApplications"],
        )
        del self.root["environments"]["prod"], self.root["files"]
        dev = self.root["environments"]["dev"]
        del dev["policy"], dev["acknowledged"], dev["deployers"]
        applications = self.rest["applications"]
        del applications["mcp"], applications["portal"]["apiPermissions"]["Partner"]
        applications["portal"].pop("logoutUrl")
        dev["overrides"]["applications"]["portal"]["owners"] = ["${owner}"]
        reader = self.team["appRoleAssignments"]["ledger"]["Auditor"]
        del reader["servicePrincipals"], reader["groups"]
        for fields in applications.values():
            fields.pop("only", None)
        for entry in applications["ledger"], *applications["ledger"]["appRoles"].values():
            entry.pop("previously", None)
        for entry in applications["ledger"]["scopes"].values():
            entry.pop("previously", None)
        self.rest["appRoleAssignments"]["ledger"]["Auditor"] = reader
        self.team, self.tests = {}, {}

    def people(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield each list of people with the environment that alone has it, if one does."""
        for environment, fields in self.root["environments"].items():
            yield environment, fields.setdefault("deployers", ["alice@contoso.com"])
            over = fields.get("overrides", {})
            yield from ((environment, found) for found in _lists(over))
        yield from (("", found) for found in _lists({"applications": self.rest["applications"]}))
        yield from (("", found) for found in _lists(self.rest.get("enterpriseApplications", {})))
        yield from (("", found) for found in _lists(self.rest["appRoleAssignments"]))
        yield from (("", found) for found in _lists(self.team.get("appRoleAssignments", {})))

    def _place(self) -> None:
        for _, items in self.people():
            for who in (LEAVER, *OTHERS):
                if self.chance.random() < 0.4 and not any(who == _name(item) for item in items):
                    items.append(who)
                    if self.small and self.chance.random() < 0.2:
                        items.append(person_id(who))

    def _write_in_other_ways(self) -> None:
        environments = list(self.root["environments"])
        for environment, items in self.people():
            for index, item in enumerate(items):
                if not isinstance(item, str) or "@" not in item or self.chance.random() < 0.5:
                    continue
                if person_id(item) in items:
                    continue  # is there by name and by id, which nobody can see yet
                ways = ["upper", "id", "map", "variable", "shared"]
                if items is not self.root["environments"].get(environment, {}).get("deployers"):
                    ways.append("until")  # a deployer has no end
                way = self.chance.choice(ways)
                items[index] = self._written(item, way, [environment] if environment else environments)
        if self.chance.random() < 0.5:
            # PyYAML writes one object in two places as anchor and alias.
            found = list(_lists(self.rest["appRoleAssignments"]))
            owners = self.rest["applications"]["job"]
            owners["owners"] = found[0]

    def _written(self, who: str, way: str, environments: list[str]) -> Any:
        upper = who.replace(who[0], who[0].upper(), 1)
        ways = {"upper": upper, "id": person_id(who), "map": {"name": who, "id": person_id(who)}}
        if way in ways:
            return ways[way]
        if way == "until":
            return {"name": who, "until": "2099-01-31"}
        name = f"v{self.chance.randrange(10**6)}"
        every = list(self.root["environments"])
        for each in every:
            other = f"{name}@contoso.com" if way == "variable" and self.chance.random() < 0.3 else who
            self.root["environments"][each].setdefault("variables", {})[name] = (
                other if each != environments[0] else who
            )
        return f"${{{name}}}"

    def save(self, folder: Path) -> Path:
        """Write the files, each part in one that chance chose; return the root file."""
        folder.mkdir(parents=True, exist_ok=True)
        parts: list[dict[str, Any]] = [{} for _ in range(self.chance.randint(1, 3))]
        for section, entries in self.rest.items():
            for key, value in entries.items():
                if section == "appRoleAssignments" and isinstance(value, dict):
                    for role, held in value.items():
                        part = self.chance.choice(parts)
                        part.setdefault(section, {}).setdefault(key, {})[role] = held
                else:
                    self.chance.choice(parts).setdefault(section, {})[key] = value
        root = copy.copy(self.root)
        root["files"] = [*root.get("files", [])]
        for number, part in enumerate(parts):
            if part:
                root["files"].append(f"part{number}.yaml")
                (folder / f"part{number}.yaml").write_text(_text(part), encoding="utf-8")
        if self.team:
            (folder / "team.yaml").write_text(_text(self.team), encoding="utf-8")
        if self.tests:
            (folder / "tests").mkdir(exist_ok=True)
            (folder / "tests/access.yaml").write_text(_text(self.tests), encoding="utf-8")
        if not self.small:
            pins = {"tenantId": TENANT, "users": {LEAVER: person_id(LEAVER)}}
            (folder / "entra-config.dev.lock.yaml").write_text(_text(pins), encoding="utf-8")
        path = folder / "entra-config.yaml"
        path.write_text(_text(root), encoding="utf-8")
        return path

    def rename_key(self, old: str, new: str) -> None:
        """Give an application another key, wherever the small manifest has it, and say so by `previously`."""
        for part in (self.root, self.rest):
            _rename(part, old, new)
        self.rest["applications"][new]["previously"] = old


def _rename(value: Any, old: str, new: str) -> None:
    if isinstance(value, dict):
        for key in list(value):
            item = value.pop(key)
            _rename(item, old, new)
            value[new if key == old else key] = item
    elif isinstance(value, list):
        for index, item in enumerate(value):
            value[index] = new if item == old else item
            _rename(item, old, new)


def _lists(value: Any) -> Iterator[list[Any]]:
    """Yield the lists below the keys that hold people."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in {"users", "owners"} and isinstance(item, list):
                yield item
            else:
                yield from _lists(item)


def _name(item: Any) -> str:
    return str(item.get("name") if isinstance(item, dict) else item).casefold()


def _text(data: Any) -> str:
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=200)
