"""Random edits of random manifests with `each`: what an edit is not about stays, and the printed commands work."""

from __future__ import annotations

import itertools
import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from entra_config.errors import EntraConfigError, ManifestError, UsageError
from entra_config.manifest import loader
from entra_config.manifest.editing import edit, move
from entra_config.testing import reading
from tests.unit.manifest import drawn_each

RUNS = 20
STEPS = 4
TEST = {
    "it": "lets ${s} read",
    "each": {"s": "services"},
    "as": {"memberOf": ["staff"]},
    "client": "${s}-web",
    "asks": ["${s}-api/read"],
    "expect": {"token": {"aud": "${s}-api"}},
}
FLAGS = {"--user": "users", "--group": "groups", "--application": "applications"}
State = dict[str, dict[str, Any]]


@pytest.mark.parametrize("start", range(0, RUNS, 10))
def test_edits_in_place_never_change_another_item(start: int, tmp_path: Path) -> None:
    """With `--all`, `--only-here` and `-e`; a refused edit prints commands that are accepted."""
    accepted = 0
    for seed in range(start, start + 10):
        folder = tmp_path / str(seed)
        _write(folder, seed)
        random = Random(seed)
        for _ in range(STEPS):
            before = _load(folder)
            made = [key for key in before["prod"]["applications"] if key.endswith(("-api", "-core"))]
            if not made:
                break
            words = _draw(random, random.choice(made))
            try:
                _run(folder, words)
            except UsageError as error:
                _follow(folder, words, str(error))
            except ManifestError:
                assert _load(folder) == before, (seed, words)
            else:
                accepted += 1
                assert _find_wrong(before, _load(folder), words) == [], (seed, words)
    assert accepted >= 5


def _write(folder: Path, seed: int) -> None:
    """Write a random manifest, with lists of one application's own, or without a list for all."""
    random = Random(seed)
    files: Any = drawn_each.draw(seed).files
    two = files["two.yaml"]
    holders = two["appRoleAssignments"]
    if random.random() < 0.5:
        del holders["${s}-api"]["Reader"][random.choice(["users", "groups"])]
    if random.random() < 0.2:
        del holders["${s}-api"]
    names = {*files["one.yaml"]["lists"]["services"], *two["lists"]["services"]}
    for name in sorted(names):
        if random.random() < 0.3:
            holders[f"{name}-api"] = {f"{name}.Own": {"users": [f"own-{name}@contoso.com"]}}
        if random.random() < 0.2:
            over = files["entra-config.yaml"]["environments"]["prod"]["overrides"]
            over["appRoleAssignments"] = {f"{name}-api": {"Reader": {"groups": ["On top"]}}}
    (folder / "tests").mkdir(parents=True)
    for file, tree in {**files, "tests/access.yaml": {"tests": [TEST]}}.items():
        (folder / file).write_text(json.dumps(tree, indent=2), encoding="utf-8")


def _draw(random: Random, key: str) -> list[str]:
    """Return the words of a command about an application."""
    item = key.rpartition("-")[0]
    options = random.choice([["--all"], ["--all"], ["--only-here"], ["--only-here"], ["-e", "prod"], []])
    what = random.random()
    if what < 0.15:
        return ["move", "key", key, random.choice(["${s}-core", "${s}-api"]), "--all"]
    if what < 0.3:
        scope = options if options[:1] != ["-e"] else []
        return ["app-role", "add", f"{key}/New", "--description", random.choice(["New.", "Other."]), *scope]
    role = random.choice(["Reader", "Reader", f"{item}.Own"])
    verb = random.choice(["assign", "assign", "unassign"])
    flag, name = random.choice(
        [
            ("--user", "bob@contoso.com"),
            ("--user", f"own-{item}@contoso.com"),
            ("--group", "staff"),
            ("--group", f"{item} readers"),
            ("--application", "Robot"),
        ]
    )
    return ["app-role", verb, f"{key}/{role}", flag, name, *options]


def _run(folder: Path, words: list[str]) -> None:
    """Run a command, and write what it makes."""
    _, verb, subject, *rest = words
    every = "--all" in rest
    if words[0] == "move":
        move.key(folder, subject, rest[0], every=every).write()
        return
    key, _, role = subject.partition("/")
    scope: Any = "all" if every else "here" if "--only-here" in rest else ""
    options = dict(itertools.pairwise(rest))
    if verb == "add":
        members: Any = ["User", "Application"]
        description = options["--description"]
        edit.add(folder, key, role, description=description, members=members, scope=scope).write()
        return
    names: dict[str, list[str]] = {}
    for flag, name in itertools.pairwise(rest):
        if flag in FLAGS:
            names.setdefault(FLAGS[flag], []).append(name)
    run: Callable[..., Any] = edit.assign if verb == "assign" else edit.unassign
    run(folder, key, role, **names, environment=options.get("-e"), scope=scope).write()


def _follow(folder: Path, words: list[str], message: str) -> None:
    """Run each command that an error prints: one of several, or one after the other."""
    _, found, printed = message.partition("Use:\n")
    commands = [shlex.split(line)[1:] for line in printed.splitlines()]
    assert not found or commands, message
    is_sequence = bool(commands) and words[1] == "assign" and commands[0][1] == "unassign"
    copy = folder.with_name("copy")
    for command in commands:
        if not (is_sequence and copy.exists()):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(folder, copy)
        before = _load(copy)
        try:
            _run(copy, command)
        except EntraConfigError as error:
            raise AssertionError((folder.name, words, message, command)) from error
        assert _find_wrong(before, _load(copy), command) == [], (folder.name, command)
    shutil.rmtree(copy, ignore_errors=True)


def _load(folder: Path) -> State:
    """Return what each environment declares, and its access tests."""
    found: State = {}
    for environment in drawn_each.ENVIRONMENTS:
        manifest = loader.load(folder, environment)
        found[environment] = drawn_each.without_places(manifest)
        found[environment]["grants"].sort(key=str)
        found[environment]["assignments"] = {
            key: drawn_each.without_places(value) for key, value in manifest.assignments.items()
        }
        # The same once more, and which applications are listed: an empty entry of one's own goes.
        del found[environment]["_assigned"], found[environment]["listed"]
        found[environment]["tests"] = [
            drawn_each.without_places(test) for suite in reading.load(folder) for test in suite.tests
        ]
    return found


def _find_wrong(before: State, after: State, words: list[str]) -> list[str]:
    """Return what changed and is not what a command is about."""
    if words[0] == "move":
        return _find_unrenamed(before, after, words[3])
    wrong = []
    for environment, was in before.items():
        now = after[environment]
        for part in was:
            if was[part] == now[part]:
                continue
            if part not in {"applications", "assignments"}:
                wrong.append(f"{environment}: {part}")
                continue
            for name in {*was[part], *now[part]}:
                old, new = was[part].get(name), now[part].get(name)
                wrong += [f"{environment}: {part} {name}"] if not _may(name, old, new, words) else []
        if words[-2:-1] == ["-e"] and environment != words[-1] and was != now:
            wrong.append(f"{environment}: changed")
    return wrong


def _may(name: Any, old: Any, new: Any, words: list[str]) -> bool:
    """Return True if a command may change an entry so."""
    key, _, role = words[2].partition("/")
    if old == new:
        return True
    if words[1] == "add":
        is_meant = name == key or ("--all" in words and name.endswith("-api") == key.endswith("-api"))
        rest = {field: value for field, value in new.items() if field != "app_roles"}
        others = {label: value for label, value in new["app_roles"].items() if label != role}
        old_others = {label: value for label, value in old["app_roles"].items() if label != role}
        return (
            is_meant and rest == {f: v for f, v in old.items() if f != "app_roles"} and others == old_others
        )
    of, label = name
    same = of == key and label == role
    alike = of.rpartition("-")[2] == key.rpartition("-")[2] and (label == role or label.endswith(".Own"))
    kinds = {FLAGS[word] for word in words if word in FLAGS}
    kinds = {"service_principals" if kind == "applications" else kind for kind in kinds}
    empty = {field: value for field, value in (old or new).items() if field not in kinds}
    both = {field: value for field, value in (new or old).items() if field not in kinds}
    return (same or ("--all" in words and alike)) and empty == both


def _find_unrenamed(before: State, after: State, new: str) -> list[str]:
    """Return the environments that are not the former ones with the new keys."""
    suffix = new.rpartition("-")[2]
    wrong = []
    keys = [key for was in before.values() for key in (*was["applications"], *was["excluded"])]
    for environment, was in before.items():
        expected, found = (_renamed(state, suffix, keys) for state in (was, after[environment]))
        if expected != found:
            wrong.append(environment)
    return wrong


def _renamed(state: Any, suffix: str, keys: list[str]) -> Any:
    """Return plain data with the keys of all APIs but the shared one renamed, and without former keys."""
    if isinstance(state, dict):
        return {
            _renamed(key, suffix, keys): _renamed(value, suffix, keys)
            for key, value in state.items()
            if key != "previously"
        }
    if isinstance(state, list):
        return [_renamed(each, suffix, keys) for each in state]
    if isinstance(state, tuple):
        return tuple(_renamed(each, suffix, keys) for each in state)
    if isinstance(state, str):
        for key in keys:
            if key.endswith(("-api", "-core")):
                state = state.replace(key, f"{key.rpartition('-')[0]}-{suffix}")
    return state
