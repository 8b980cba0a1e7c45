"""Each command over one random manifest; what is wrong then, empty if nothing is."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from entra_config.cli.demo.story import session
from entra_config.cli.main import main
from entra_config.errors import EntraConfigError
from entra_config.manifest import loader
from entra_config.manifest.editing import edit, move
from entra_config.manifest.editing.offboard import offboard
from entra_config.testing import reading
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.oracle.references import judge
from tests.oracle.references.drawn import LEAVER, Drawn, person_id
from tests.unit.manifest.every_reference import TENANT

FORMER = "frank@contoso.com"


def offboarded(number: int, folder: Path) -> str:
    """Take a person out of one manifest; return what is wrong afterwards, empty if nothing is. In some, the
    lock file of prod alone has another name of the person.
    """
    path = Drawn(number).save(folder)
    also = pin_former_name(path) if number % 2 else {}
    loader.load_all(path)
    before, files = judge.people(folder, also), judge.texts(folder)
    try:
        offboard(path, LEAVER.upper()).write()
    except EntraConfigError as error:
        if judge.texts(folder) != files:
            return "files were changed though it was refused"
        if not re.search(r"\.yaml:\d+:\d+", str(error)):
            return f"refused without a place: {error}"
        return "" if judge.is_shared(folder, also) else f"refused for nothing: {error}"
    loader.load_all(path)
    after = judge.people(folder, also)
    if any(person_id(LEAVER).encode() in text for text in judge.texts(folder).values()):
        return "the id is named still"
    left = [place for place in after if place[2] == LEAVER]
    if left:
        return f"is named still: {left}"
    others = {place: count for place, count in before.items() if place[2] != LEAVER}
    return "" if after == others else f"others changed: {before - after - (before & after)}"


def unassigned(number: int, folder: Path) -> str:
    """Take a role from the person in each list of holders in turn; return what is wrong then. In some, the
    lock file of prod alone has another name of the person.
    """
    path = Drawn(number).save(folder)
    also = pin_former_name(path) if number % 2 else {}
    loader.load_all(path)
    overrides = "environment/overrides/"
    overridden = {
        (each[0], each[1].removeprefix(overrides))
        for each in judge.people(folder)
        if each[1].startswith(overrides)
    }

    def read() -> judge.Found:
        people = judge.people(folder, also)
        return Counter({each: count for each, count in people.items() if each[:2] not in overridden})

    for environment, place in sorted({each[:2] for each in read() if each[2] == LEAVER}):
        found = re.fullmatch(r"(environment/overrides/)?appRoleAssignments/([^/]+)/([^/]+)/users", place)
        if found is None:
            continue
        only, application, role = environment if found[1] else None, found[2], found[3]
        before, files = read(), judge.texts(folder)
        means = {each[0] for each in before if each[1:] == (place, LEAVER)}
        reading = {each[0] for each in before if (each[0], place) not in overridden}
        differs = means != reading or (also and "dev" in reading and ("dev", place, FORMER) in before)
        if environment not in means:
            continue  # it was removed in all environments at once
        try:
            edit.unassign(path, application, role, users=[LEAVER.upper()], environment=only).write()
        except EntraConfigError as error:
            if judge.texts(folder) != files:
                return f"{place}: files were changed though it was refused"
            if not re.search(r"\.yaml:\d+:\d+", str(error)):
                return f"{place}: refused without a place: {error}"
            if only or not differs:
                return f"{place}: refused for nothing: {error}"
            continue
        if differs and not only:
            return f"{place}: not refused, but the entries differ between environments"
        loader.load_all(path)
        gone = {(each, place, LEAVER) for each in means if only in {None, each}}
        if read() != {each: count for each, count in before.items() if each not in gone}:
            return f"{place}: something else changed, or it is named still"
    return ""


def pin_former_name(path: Path) -> dict[str, set[str]]:
    """Write a lock file of prod that has another name of the leaver; return those names by environment, none
    if the manifest knows another id of that name.
    """
    if any(person_id(FORMER).encode() in text for text in judge.texts(path.parent).values()):
        return {}
    pins = f"tenantId: {TENANT}\nusers: {{ {FORMER}: {{ id: {person_id(LEAVER)}, was: {LEAVER} }} }}\n"
    path.with_name("entra-config.prod.lock.yaml").write_text(pins, encoding="utf-8")
    return {"prod": {FORMER}}


def relabelled(number: int, folder: Path) -> str:
    """Give a role another label and an application another key; return what is wrong then."""
    drawn, chance = Drawn(number), random.Random(number)
    drawn.rest["applications"]["ledger"].pop("previously")
    path = drawn.save(folder)
    loader.load_all(path)
    application = "ledger"
    role, key = chance.choice((("Auditor", "Inspector"), ("Writer", "Scribe"))), ("ledger", "records")
    for command, (old, new) in chance.sample([("role", role), ("key", key)], 2):
        files = judge.texts(folder)
        try:
            if command == "role":
                edit.rename(path, application, old, new).write()
            else:
                move.key(path, old, new).write()
                application = new
        except EntraConfigError as error:
            if judge.texts(folder) != files:
                return f"{command}: files were changed though it was refused"
            if not re.search(r"\.yaml:\d+:\d+", str(error)):
                return f"{command}: refused without a place: {error}"
            if old != "Writer":
                return f"{command}: refused for nothing: {error}"
            continue  # a pattern of `mayDeclare` matches it, and nobody knows what it is to match then
        loader.load_all(path)
        reading.load(path)
        word = re.compile(rf"(?<![\w.]){old}(?!\w)")
        left = [
            (below, text)
            for below, text in judge.strings(folder)
            if word.search(text) and below not in {"previously", "value", "was"}
        ]
        if left:
            return f"{command}: {old} is named still: {left}"
    return ""


def locked(number: int, folder: Path) -> str:
    """Apply one manifest, pin its names, and apply again; return what is wrong then, empty if nothing is."""
    path = Drawn(number, small=True).save(folder)
    tenant = Embedded.create(seed="references")
    if _run(tenant, folder, "apply", "--auto-approve"):
        return "cannot be applied"
    before = _assigned(tenant)
    if _run(tenant, folder, "lock"):
        return "cannot be locked"
    try:
        loader.load_all(path)
    except EntraConfigError as error:
        return f"is valid no longer: {error}"
    if code := _run(tenant, folder, "plan", "--detailed-exitcode"):
        return f"means something else: plan exits with {code}"
    return "" if _assigned(tenant) == before else "holders changed"


def destroyed(number: int, folder: Path) -> str:
    """Apply one manifest, let keys, pins and tags change, and destroy; return what is wrong then."""
    drawn = Drawn(number, small=True)
    chance = random.Random(number)
    tenant = Embedded.create(seed="references")
    rows = tenant.directory.default.applications
    others = {app["id"] for app in rows}
    drawn.save(folder)
    if _run(tenant, folder, "apply", "--auto-approve"):
        return "cannot be applied"
    ours = {app["id"]: app for app in rows if app["id"] not in others}
    if chance.random() < 0.3:
        accepts = [f"{_key(app)}={app['appId']}" for app in ours.values()]
        if _run(tenant, folder, "lock", *(word for each in accepts for word in ("--accept", each))):
            return "cannot be locked"
    if chance.random() < 0.7:
        drawn.rename_key("ledger", "records")
        _empty(folder)
        drawn.save(folder)
        if chance.random() < 0.3:
            _run(tenant, folder, "apply", "--auto-approve")
    for app in [row for row in rows if row["id"] in ours]:
        if chance.random() < 0.15:
            rows.put({**app, "tags": []})
    planted = seed.add_application(
        tenant.directory.default, "Planted", tags=["entra-config:owner=myapp/dev", "entra-config:key=unknown"]
    )
    code = _run(tenant, folder, "destroy", "--auto-approve", "--allow", "many", "--allow", "last")
    left = [app["displayName"] for app in rows if app["id"] in ours]
    if planted["id"] not in {app["id"] for app in rows}:
        return "took an application that only bears its tags"
    return "" if code == (3 if left else 0) else f"exit code {code} with {left} left"


def renamed(number: int, folder: Path) -> str:
    """Apply one manifest with ignored fields, rename a key, and apply; return what is wrong then."""
    drawn = Drawn(number, small=True)
    tenant = Embedded.create(seed="references")
    ignored = drawn.chance.sample(["tags", "notes", "owners", "redirectUris", "homePageUrl"], 2)
    drawn.rest["applications"]["ledger"]["ignoreChanges"] = [*ignored]
    drawn.save(folder)
    if _run(tenant, folder, "apply", "--auto-approve"):
        return "cannot be applied"
    rows, held = tenant.directory.default.applications, _assigned(tenant)
    before = {app["id"]: _key(app) for app in rows if _key(app)}
    drawn.rename_key("ledger", "records")
    _empty(folder)
    drawn.save(folder)
    if _run(tenant, folder, "apply", "--auto-approve"):
        return "the rename cannot be applied"
    drawn.rest["applications"]["records"].pop("previously")
    _empty(folder)
    drawn.save(folder)
    if code := _run(tenant, folder, "plan", "--detailed-exitcode"):
        return f"not converged: plan exits with {code} ({ignored} ignored)"
    after = {app["id"]: _key(app) for app in rows if _key(app)}
    wanted = {id_: "records" if key == "ledger" else key for id_, key in before.items()}
    return "" if (after, _assigned(tenant)) == (wanted, held) else f"{before} became {after}"


def _run(tenant: Embedded, folder: Path, *words: str) -> int:
    return main([*words, "-f", str(folder)], session(tenant))


def _assigned(tenant: Embedded) -> set[tuple[str, str, str]]:
    rows = tenant.directory.default.app_role_assignments
    return {(row["principalId"], row["resourceId"], row["appRoleId"]) for row in rows}


def _key(app: Mapping[str, Any]) -> str:
    keys = [tag.partition("=")[2] for tag in app.get("tags") or () if tag.startswith("entra-config:key=")]
    return keys[0] if keys else ""


def _empty(folder: Path) -> None:
    for path in folder.rglob("*.yaml"):
        if ".lock." not in path.name:
            path.unlink()
