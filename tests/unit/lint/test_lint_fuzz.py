"""Whatever a manifest holds, lint ends with findings that have places, or with errors that have."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.errors import ManifestError
from entra_config.lint import model, run, table
from entra_config.manifest import loader
from entra_config.manifest.environments import source
from entra_config.report import github, lint_json, lint_junit, lint_sarif, lint_text
from tests import seeds
from tests.unit.lint.certificates import write as write_certificates
from tests.unit.lint.snippets import NOW, marked
from tests.unit.manifest.fuzzing import BYTES, EXAMPLE, FILES, mutate

RULES = table.built_in()
# What each rule's examples hold, and the worked example: a manifest of few lines has something to find on
# each of them.
SNIPPETS = [
    marked(text)[0] for rule in RULES.values() if rule.on != ("live",) for text in (rule.bad, rule.good)
]

ODD_TEXTS = (
    "*", "a", "http://[", "https://", "://", "http:///", "https://*.*/", "https://user@:99999/", ("HTTP://LOCALHOST:"
"/"), ("urn:"
"x"),
    "é://ü", "https://a.example.com:port/", "api://", "api://x/y", "http://127.0.0.1:1", "repo:", "repo:::",
    "repo:a/b:pull_request", "arn:aws:sts::", "https://sts.amazonaws.com", "Microsoft\u200b", ("https://"
"bit.ly"), "x" * 300,
    "/oauth2/idpresponse", "https://elb.amazonaws.com", "${appId}", ("https://a.elb.amazonaws.com?"
"x=1#y"), "email",
    "All,,SecurityGroup", "mcp", "::error::x", "\u202ehttp://x",
)  # fmt: skip


def lint(path: Path) -> int:
    """Lint as every persona's most curious reader, write every report, and return how many findings there
    are.
    """
    try:
        loaded = loader.loaded(path)
        every = tuple(each.manifest.environment for each in loaded)
        report = run.run(loaded, model.LintRequest(RULES, NOW, every, "auditor"))
    except ManifestError:
        return 0
    assert all(each.position and each.position.line and each.position.column for each in report.findings)
    for _ in lint_text.lines(report, source.texts(path)):
        pass
    json.loads(lint_json.render(report))
    json.loads(lint_sarif.render(report, RULES, root=path.as_posix()))
    lint_junit.render(report, RULES, "W")
    github.lint(report)
    return len(report.findings)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_examples_of_rules_never_end_in_a_traceback(tmp_path: Path, seed: int) -> None:
    """A value of any shape in any place of what rules look at; most still hold, and are linted."""
    assert _snippets(tmp_path, seed, 60) > 20


@pytest.mark.parametrize("seed", range(2))
def test_the_mutated_worked_example_never_ends_in_a_traceback(tmp_path: Path, seed: int) -> None:
    """By value in all of its files."""
    _example(tmp_path, seed, 30)


@pytest.mark.faults
@pytest.mark.parametrize("seed", seeds.sample("linted", range(100, 120), 5))
def test_more_mutated_manifests_are_linted(tmp_path: Path, seed: int) -> None:
    """Five hundred for each seed, ten thousand in `make proof`: of rules' examples by value and by text, and
    of the worked example.
    """
    assert _snippets(tmp_path, seed, 400) > 130
    _example(tmp_path, seed, 100)


def _snippets(folder: Path, seed: int, times: int) -> int:
    """Return how many of the manifests had findings."""
    chance = random.Random(seed)
    path = folder / "entra-config.yaml"
    found = 0
    for _ in range(times):
        text = chance.choice(SNIPPETS)
        write_certificates(folder, text, NOW)
        turn = chance.random()
        if turn < 0.8:
            tree = yaml.safe_load(text)
            _odd_texts(tree["applications"], chance) if turn < 0.6 else mutate(tree, chance)
            text = (
                json.dumps(tree, allow_nan=True, default=str)
                .replace("NaN", ".nan")
                .replace("Infinity", ".inf")
            )
        else:
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice(BYTES) + text[at:]
        path.write_text(text, encoding="utf-8")
        found += bool(lint(path))
    return found


def _odd_texts(tree: Any, chance: random.Random) -> None:
    """Put an odd text where a text is, in an application that refuses little: most such manifests still
    hold.
    """
    for application in tree.values():
        if chance.random() < 0.7:
            application["type"] = "application"
            if "redirectUris" in application:
                application["platforms"] = {
                    chance.choice(("web", "spa", "mobileAndDesktop")): application.pop("redirectUris")
                }
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
            if isinstance(node[key], str) and key != "type":
                places.append((node, key))
            walk(node[key])

    walk(tree)
    if places:
        owner, key = chance.choice(places)
        owner[key] = chance.choice(ODD_TEXTS)


def _example(folder: Path, seed: int, times: int) -> None:
    chance = random.Random(seed)
    copied = shutil.copytree(EXAMPLE, folder / "manifests")
    for _ in range(times):
        name = chance.choice(FILES)
        tree = yaml.safe_load((EXAMPLE / name).read_text(encoding="utf-8"))
        mutate(tree, chance)
        (copied / name).write_text(
            json.dumps(tree, allow_nan=True).replace("NaN", ".nan").replace("Infinity", ".inf")
        )
        lint(copied / "entra-config.yaml")
        shutil.copy(EXAMPLE / name, copied / name)
