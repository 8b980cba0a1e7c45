"""Draw a valid manifest in several files, in which names are symbols, and write it in any YAML style.

The same seed with other names is the same manifest after a rename, and with a name that is None it is the
manifest in which nothing names that any more. So the judge of an edit never edits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

TENANT = "11111111-1111-1111-1111-111111111111"
ID = "5c1b2f7e-0000-4000-8000-00000000000"
PEOPLE = ("alice@contoso.com", "bob@contoso.com", "carol@contoso.com")
_OTHERS = ("shop", "dev", "prod", "api", "page", "job", "Reader", "Writer", "Staff")
# A role has a label, and in tokens the same value.
NAMES = {name: name for name in (*_OTHERS, *PEOPLE)} | {"value Reader": "Reader", "value Writer": "Writer"}
Trees = dict[str, dict[str, Any]]


def trees(seed: int, names: Mapping[str, str | None] = NAMES) -> Trees:
    """Return what each file of a manifest means."""
    return {file: _without(tree) for file, tree in _trees(Random(seed), {**NAMES, **names}).items()}


def _without(value: Any) -> Any:
    """Return a value without keys and items that are None."""
    if isinstance(value, dict):
        return {key: _without(inner) for key, inner in value.items() if key is not None}
    return [_without(item) for item in value if item is not None] if isinstance(value, list) else value


def _trees(random: Random, n: Mapping[str, str | None]) -> dict[str, Any]:
    people = [n[name] for name in PEOPLE]

    def chance(share: float, **entries: Any) -> dict[str, Any]:
        return entries if random.random() < share else {}

    def some(items: list[Any], least: int = 0) -> list[Any]:
        return random.sample(items, random.randint(least, len(items)))

    def person(name: str | None) -> Any:
        ends = random.random() < 0.25
        return {"name": name, "until": "2099-01-31"} if ends and name is not None else name

    def holders() -> dict[str, Any]:
        users = [person(name) for name in some(people)]
        return {"users": users, **chance(0.6, groups=[n["Staff"]])}

    def role(text: str) -> dict[str, Any]:
        return {"description": text, "allowedMemberTypes": ["User", "Application"]}

    api, page, job, reader, writer = (n[name] for name in ("api", "page", "job", "Reader", "Writer"))
    values = [n["value Reader"], n["value Writer"]]
    given = {api: {reader: holders(), writer: holders()}}
    over = {
        **chance(0.5, appRoleAssignments={api: {random.choice([reader, writer]): holders()}}),
        **chance(0.3, applications={api: {"owners": some(people)}}),
    }
    rules = {"token-v1": {"severity": "off", "applications": [api], "because": "known"}}
    environment = {
        "tenantId": TENANT,
        **chance(0.5, deployers=some(people, 1)),
        **chance(0.5, variables={"notes": "Some notes"}),
        **chance(0.5, acknowledged={api: [{"id": f"{ID}1", "application": values}]}),
        **chance(0.5, policy={"lint": {"rules": rules}}),
        **({"overrides": over} if over else {}),
    }
    root = {
        "project": n["shop"],
        "files": ["apps.yaml", {"path": "team.yaml", "mayDeclare": [f"appRoleAssignments/{api}", "removed"]}],
        "environments": {
            n["dev"]: environment,
            n["prod"]: {"tenantId": TENANT, **chance(0.4, deployers=some(people, 1))},
        },
        "settings": {
            "folder": "out/${environment}",
            "apis": {
                api: {
                    "url": "https://api.example.com",
                    **chance(0.5, docsClient=page),
                    "operations": {
                        "read": {"scopes": ["read"], "roles": [reader, writer]},
                        **chance(0.3, write={"roles": [writer]}),
                    },
                }
            },
            "spas": {page: {"url": "https://page.example.com", "api": api}},
        },
        **chance(0.4, policy={"lint": {"rules": rules}}),
    }
    both = [n["dev"], n["prod"]]
    apps = {
        "applications": {
            api: {
                "type": "api",
                "displayName": "API",
                **chance(0.5, owners=some(people)),
                **chance(0.5, only=both),
                "scopes": {"read": {"description": "Reads.", "displayName": "Read"}},
                "appRoles": {reader: role("Reads."), writer: role("Writes.")},
                "authorizedClients": {page: ["read"]},
            },
            page: {
                "type": "spa",
                "displayName": "Page",
                "redirectUris": ["https://api.example.com/docs/oauth2-redirect.html"],
                **chance(0.5, owners=some(people)),
                **chance(0.5, logoutUrl=f"https://page.example.com/${{applications.{api}.appId}}"),
                "apiPermissions": {api: {"delegated": ["read"]}},
            },
            job: {
                "type": "daemon",
                "displayName": "Job",
                **chance(0.5, only=both),
                "apiPermissions": {
                    api: {"application": [reader, *some([writer])], "adminConsent": True},
                },
            },
        }
    }
    test = {
        "it": "lets alice in",
        "as": "alice@contoso.com",
        "client": page,
        "asks": [f"{api}/read"],
        "expect": {"token": {"aud": api, "roles": {"contains": [values[0], *some(values[1:])]}}},
    }
    grid = {
        "it": "has a grid",
        **chance(0.5, only=[n["dev"]]),
        "client": page,
        "asks": [f"{api}/read"],
        "grid": {
            "roles": values,
            "Staff": ["x", "." if writer is not None else None],
            "bob@contoso.com": ["x", "x" if writer is not None else None],
        },
    }
    access = {
        "people": {"alice@contoso.com": {}, "bob@contoso.com": {"memberOf": ["Staff"]}},
        "groups": {"Staff": {}},
        "tests": [test, *([grid] if random.random() < 0.6 else [])],
    }
    return {
        "entra-config.yaml": root,
        "apps.yaml": apps,
        "team.yaml": {"appRoleAssignments": given},
        "tests/access.yaml": access,
    }


@dataclass
class Writing:
    """Writes a tree as YAML in any style; each comment has a number and the path that it is about."""

    random: Random
    comments: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    _anchors: dict[str, str] = field(default_factory=dict)
    _number: int = 0

    def text(self, tree: dict[str, Any], *, plain: bool = False) -> str:
        """Return the text of a file; `plain` has neither anchors nor aliases."""
        self._plain = plain
        self._anchors.clear()
        newline = self.random.choice(["\n", "\n", "\r\n"])
        return newline.join(self._map(tree, "", ())) + newline

    def _comment(self, path: tuple[Any, ...]) -> str:
        word = f"# about {len(self.comments)}."
        self.comments[word] = path
        return word

    def _behind(self, path: tuple[Any, ...]) -> str:
        return f"  {self._comment(path)}" if self.random.random() < 0.3 else ""

    def _above(self, indent: str, path: tuple[Any, ...]) -> Iterator[str]:
        if self.random.random() < 0.2:
            yield f"{indent}{self._comment(path)}"

    def _map(self, tree: dict[str, Any], indent: str, path: tuple[Any, ...]) -> Iterator[str]:
        for key, value in tree.items():
            here = (*path, key)
            yield from self._above(indent, here)
            yield from self._entry(f"{indent}{self._scalar(key)}:", value, indent, here)

    def _list(self, items: list[Any], indent: str, path: tuple[Any, ...]) -> Iterator[str]:
        for index, item in enumerate(items):
            here = (*path, index)
            yield from self._above(indent, here)
            yield from self._entry(f"{indent}-", item, indent, here)

    def _entry(self, lead: str, value: Any, indent: str, path: tuple[Any, ...]) -> Iterator[str]:
        if known := self._alias(value):
            yield f"{lead} {known}{self._behind(path)}"
        elif not value or not isinstance(value, dict | list) or self.random.random() < 0.4:
            yield f"{lead} {self._part(value)}{self._behind(path)}"
        else:
            anchor = self._anchor(value).rstrip()
            yield f"{lead}{' ' if anchor else ''}{anchor}{self._behind(path)}"
            below = f"{indent}  "
            yield from (
                self._map(value, below, path) if isinstance(value, dict) else self._list(value, below, path)
            )
            self._anchors |= {self._form(value): anchor[1:]} if anchor else {}

    def _form(self, value: Any) -> str:
        return json.dumps(value)

    def _alias(self, value: Any) -> str:
        name = self._anchors.get(self._form(value))
        return f"*{name}" if name and self.random.random() < 0.6 else ""

    def _anchor(self, value: Any) -> str:
        """Return an anchor; a value that is written on one line can be named from then on."""
        if self._plain or value is None or isinstance(value, bool) or self.random.random() < 0.7:
            return ""
        self._number += 1
        return f"&a{self._number} "

    def _flow(self, value: Any) -> str:
        if isinstance(value, dict):
            inside = ", ".join(f"{self._scalar(key)}: {self._part(item)}" for key, item in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        if isinstance(value, list):
            return f"[{', '.join(map(self._part, value))}]"
        return self._scalar(value)

    def _part(self, value: Any) -> str:
        if known := self._alias(value):
            return known
        anchor = self._anchor(value)
        text = f"{anchor}{self._flow(value)}"
        self._anchors |= {self._form(value): anchor[1:-1]} if anchor else {}
        return text

    def _scalar(self, value: Any) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        quote = self.random.random()
        text = str(value)
        if "{" in text or quote < 0.1:
            return json.dumps(text)
        return f"'{text}'" if quote < 0.2 else text
