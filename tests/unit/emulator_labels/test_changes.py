"""The page of changes: each with lines that declare it, or the reason why there are none."""

import asyncio
import re
import shutil
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.claimants import key_of
from entra_config.emulator_labels.labels import LiveObjects, make_labels
from entra_config.manifest import loader
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests import world as pipeline
from tests.unit.emulator.portal.browsing import CONTOSO, Browser, text_of
from tests.unit.emulator_labels.by_hand import (
    BOB,
    CHANGES,
    ROOT,
    Rows,
    app_of,
    assign,
    example,
    id_of,
    member,
    patch,
    redirect,
    secret,
    unassign,
)

LINES = re.compile(r'aria-label="Lines to declare it">(.*?)</pre>', re.DOTALL)


@pytest.fixture
def browser() -> Browser:
    """Give the portal of the worked example, with the labels that `apply` sends."""
    browser = Browser()
    browser.emulator.directory.replace(example().fork())
    browser.world.tenant = browser.world.directory.default
    # What was applied was applied at the machine's time: what comes now is later.
    behind = datetime.now(UTC) - browser.world.clock.now()
    browser.world.clock.advance(behind.total_seconds() + 3600)
    manifest = loader.load(ROOT / "manifests", "dev")
    tenant = browser.world.tenant
    live = LiveObjects(
        {key_of(app): app for app in tenant.applications if key_of(app)},
        {str(row["appId"]): str(row["id"]) for row in tenant.service_principals},
    )
    labels = make_labels(manifest, live, shorten=lambda file: Path(file).name)
    body = {"tenant": seed.CONTOSO, "source": manifest.owner, "labels": labels, "applied": True}
    assert browser.client.put("/_emulator/labels", json=body).status_code == 200
    return browser


def lines_of(page: str) -> list[str]:
    """Give the manifest's lines of a page."""
    return [unescape(text) for text in LINES.findall(page)]


@pytest.mark.parametrize("name", [name for name, (_, declared) in CHANGES.items() if declared])
def test_the_lines_declare_it(browser: Browser, name: str, tmp_path: Path) -> None:
    """Merged into the manifest, the plan has nothing to do; without them it undoes what was changed."""
    browser.emulator.snapshots.save("before")
    CHANGES[name][0](browser)
    lines = lines_of(browser.get("changes?since=before").text)
    assert lines, text_of(browser.get("changes?since=before").text)
    folder = tmp_path / "manifests"
    shutil.copytree(ROOT / "manifests", folder)
    embedded = Embedded.create(browser.world.directory)
    before = asyncio.run(pipeline.plan(embedded, loader.load(folder, "dev")))
    for text in lines:
        merge_into(folder, yaml.safe_load(text))
    after = asyncio.run(pipeline.plan(embedded, loader.load(folder, "dev")))
    assert [str(each) for each in after.changes] == []
    # Notes, tags, owners and consents that nobody declares are not managed.
    assert before.changes or name in ("notes", "a tag", "an owner", "a consent")


def merge_into(folder: Path, lines: Rows) -> None:
    """Merge lines into the files that have their keys, as a person does."""
    for path in sorted(folder.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        known = yaml.safe_load(text)
        for section, entries in lines.items():
            for key, said in entries.items():
                if path.name != "entra-config.yaml" and key in (known.get(section) or {}):
                    known[section][key] = merged(known[section][key], said)
        path.write_text(yaml.safe_dump(known, allow_unicode=False, sort_keys=False), encoding="utf-8")


def merged(old: Any, new: Any) -> Any:
    """Add to maps and lists; a value takes the place of another."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: merged(old[key], each) if key in old else each for key, each in new.items()}}
    if isinstance(old, list) and isinstance(new, list):
        return [*old, *(each for each in new if each not in old)]
    return new


def test_what_cannot_be_declared_says_why(browser: Browser) -> None:
    """Members, secrets, what others did: the reason stands where the lines would."""
    browser.emulator.snapshots.save("before")
    member(browser, "POST", "MyApp Writers", "Mallory Moore")
    secret(browser)
    unassign(browser, "Writer")
    tenant = browser.world.directory.default
    row = next(iter(tenant.app_role_assignments))
    tenant.app_role_assignments.put({**row, "principalDisplayName": "called otherwise"})
    api = app_of(browser, "api")
    # A property that was not there, and one that is not there any more.
    roles = [
        {**{name: role[name] for name in role if name != "description"}, "x": 1} for role in api["appRoles"]
    ]
    tenant.applications.put({**api, "appRoles": roles})
    tenant.tables["permissionGrantPolicies"].put({"id": "by-hand", "displayName": "A policy"})
    tenant.directory_roles[id_of(browser, "users", BOB)] = ["Global Administrator"]
    text = text_of(browser.get("changes?since=before").text)
    assert "Members of groups cannot be declared in a manifest." in text
    assert "A manifest contains no secret." in text
    assert "It is declared at access.yaml:" in text
    assert "Directory roles cannot be declared in a manifest." in text
    assert "It cannot be declared in a manifest." in text
    assert "x was nothing is 1" in text
    assert "description was Reads everything. is nothing" in text


def test_the_first_page_says_what_changed_since_the_last_apply(browser: Browser) -> None:
    """How much of it is high, the four gravest, where the rest is; snapshots; how to begin anew."""
    start = text_of(browser.get("").text)
    assert re.search(r"Changed since the last apply myapp/dev, \S+ All changes As it was applied", start)
    patch(browser, "api", {"notes": "by hand"})
    redirect(browser, "spa", "spa", "https://preview.example/")
    assign(browser, id_of(browser, "users", "Bob Baker"), "Admin")
    for key in ("api", "spa", "devClient"):
        patch(browser, key, {"displayName": f"{key} by hand"})
    page = browser.get("").text
    text = text_of(page).partition("Changed since the last apply")[2].partition("Last changes")[0]
    assert re.search(r"· (\d+) changes, 2 of them high", text)
    assert text.count("High") == 2
    assert text.index("High") < text.index("Medium" if "Medium" in text else "Low")
    assert text.count(" by Emulator admin") == 4
    assert re.search(r" \d+ more $", text)
    assert f"{CONTOSO}/changes?since=apply" in unescape(page)
    browser.emulator.snapshots.save("mine")
    right = text_of(browser.get("").text).partition("Projects")[2]
    assert "Snapshots mine" in right
    question = browser.post("snapshots/restore", {"name": "beginning"})
    assert "?" in text_of(question.text)
    assert browser.world.directory.default.oauth2_permission_grants.rows


def test_by_object_by_time_and_by_person(browser: Browser) -> None:
    """Three orders of the same changes: headed by object, newest first, headed by who did it."""
    browser.emulator.snapshots.save("before")
    redirect(browser, "spa", "spa", "https://preview.example/")
    browser.world.clock.advance(60)
    bob = browser.world.user("grace")["id"]
    browser.post("as", {"as": bob, "back": f"{CONTOSO}/users"})
    group, mallory = id_of(browser, "groups", "MyApp Writers"), id_of(browser, "users", "Mallory Moore")
    browser.post("edit/put-in", {"group": group, "person": mallory, "sure": "yes"})
    shown = {by: browser.get(f"changes?since=before&by={by}").text for by in ("object", "time", "person")}
    heads = {
        by: [text_of(f"<main{each}") for each in re.findall(r'<h2 id="g\d+">(.*?)</h2>', page)]
        for by, page in shown.items()
    }
    assert set(heads["object"]) == {"MyApp SPA (dev) myapp/dev spa", "MyApp Writers"}
    assert heads["time"] == ["Newest first"]
    assert set(heads["person"]) == {"Grace Green", "Emulator admin"}
    by_time = text_of(shown["time"])
    assert by_time.index("Mallory Moore in MyApp Writers") < by_time.index("https://preview.example/")


def test_it_begins_with_the_last_apply(browser: Browser) -> None:
    """Whatever was taken after it; another is chosen."""
    browser.emulator.snapshots.save("later")
    assert "Changes since the last apply of myapp/dev" in browser.get("changes").text
    assert "Changes since later" in browser.get("changes?since=later").text
    assert "Changes since the beginning" in browser.get("changes?since=beginning").text
