"""Names that change and applications that change hands: what the files say afterwards, and what a tenant makes of that."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from entra_config.errors import ManifestError, UsageError
from entra_config.manifest import loader
from entra_config.manifest.editing import move
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Lock, PinnedApplication
from entra_config.manifest.reading.problems import Problems
from entra_config.plan.model import Plan
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.cases.plan_lines import lines
from tests.world import apply, plan

EXAMPLE = Path(__file__).parents[3] / "manifests"
OTHER = """\
# Another project.
project: other
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111, variables: { suffix: "" } }
applications:
  # What they have.
  theirs:
    type: web
    displayName: Theirs
"""


class World:
    """The worked example, applied to a tenant and pinned there."""

    def __init__(self, folder: Path) -> None:
        self.root = shutil.copytree(EXAMPLE, folder / "manifests")
        self.embedded = Embedded.create(seed="move")
        self.writer = self.embedded.app_caller(seed.WRITERS["dev"][0])

    def begin(self) -> None:
        """Apply the dev environment and pin what it made."""
        outcome = asyncio.run(apply(self.embedded, self.plan(), caller=self.writer))
        path = loader.lock_path(self.root, "dev")
        pins = lock.read(path, Problems())
        made = {ref.address.key: id_ for ref, id_ in outcome.known.items() if ref.attribute == "appId"}
        pinned = {key: PinnedApplication(app_id, note="made here") for key, app_id in made.items()}
        lock.save(path, Lock(pins.tenant_id, pins.users, pins.groups, pins.service_principals, pinned), "dev")

    def plan(self, environment: str = "dev", root: Path | None = None, *words: str) -> Plan:
        """Plan."""
        manifest = loader.load(root or self.root, environment)
        return asyncio.run(plan(self.embedded, manifest, caller=self.writer, allow=frozenset(words)))

    def apply(self, made: Plan) -> None:
        """Apply."""
        assert not made.blocked, made.refusals
        outcome = asyncio.run(apply(self.embedded, made, caller=self.writer))
        assert outcome.complete, outcome.failed


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Make a world where dev is applied and pinned."""
    made = World(tmp_path)
    made.begin()
    return made


def changed(made: Plan) -> set[str]:
    """Return the changed properties of a plan."""
    return {line.strip().split(" ")[0] for line in lines(made) if line.startswith(" ")}


def test_a_key_is_renamed_wherever_it_stands(world: World) -> None:
    """Clients, holders, settings, placeholders and pins follow; the plan changes marks and nothing else."""
    move.key(world.root, "api", "records").write()
    manifest = loader.load(world.root, "dev")
    assert (manifest.applications["records"].previously, "api" in manifest.applications) == ("api", False)
    assert "records" in manifest.applications["spa"].api_permissions
    assert ("records", "Admin") in manifest.assignments
    assert manifest.pinned.keys() == {"records", "spa", "devClient", "docs", "nightly"}
    made = world.plan()
    assert changed(made) == {"tags"}
    world.apply(made)
    assert lines(world.plan()) == []
    with pytest.raises(UsageError, match="was renamed before"):
        move.key(world.root, "records", "again")
    with pytest.raises(UsageError, match="is no name"):
        move.key(world.root, "spa", "a.b")


def test_comments_and_all_else_stay(world: World) -> None:
    """A rename touches the lines that name the key."""
    edit = move.key(world.root, "nightly", "nightJob").edits[0]
    diff = [line for line in edit.diff.splitlines() if line[:3] not in {"+++", "---"}]
    removed = [line[1:] for line in diff if line[:1] == "-"]
    added = [line[1:] for line in diff if line[:1] == "+"]
    assert added.pop(1).strip() == "previously: nightly"
    assert added == [line.replace("nightly", "nightJob") for line in removed]


@pytest.mark.parametrize("what", ["project", "environment"])
def test_an_owner_is_renamed(world: World, what: str) -> None:
    """The pinned applications are taken over from the old name, under the word, and nothing is made anew."""
    if what == "project":
        with pytest.raises(UsageError, match="are pinned nowhere"):
            move.project(world.root, "newapp")
        move.project(world.root, "newapp", unpinned=True).write()
        name = "dev"
    else:
        move.environment(world.root, "dev", "test").write()
        name = "test"
        assert not loader.lock_path(world.root, "dev").exists()
        assert loader.load(world.root, "test").applications.keys() == {
            "api",
            "spa",
            "devClient",
            "docs",
            "nightly",
        }
    assert {refusal.word for refusal in world.plan(name).refusals} == {"takeover"}
    made = world.plan(name, None, "takeover")
    assert "tags" in changed(made)
    assert changed(made) <= {"tags", "subject:"}
    world.apply(made)
    assert lines(world.plan(name)) == []


def test_an_application_is_handed_over(world: World, tmp_path: Path) -> None:
    """It leaves one manifest and stands in the other as it was written, with its pins; the other project takes it over."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "entra-config.yaml").write_text(OTHER, encoding="utf-8")
    clients = world.root / "applications/clients.yaml"
    clients.write_text(clients.read_text().replace("  nightly:\n", "  # Runs at night.\n  nightly:\n"))
    with pytest.raises(
        UsageError,
        match=r"cannot be moved while something else names it(.*\n)+.*machines.yaml:9:13: `nightly`",
    ):
        move.application(world.root, "nightly", other)
    for file in (world.root / "tests").iterdir():
        file.write_text("tests: []\n", encoding="utf-8")
    with pytest.raises(ManifestError, match="api"):
        move.application(world.root, "nightly", other)
    text = clients.read_text().replace("api: { application: [Writer], adminConsent: true }", "{}")
    clients.write_text(text.replace("apiPermissions:\n      {}", "apiPermissions: {}"))
    move.application(world.root, "nightly", other).write()
    assert "nightly" not in clients.read_text()
    assert "  # Runs at night.\n  nightly:\n    type: daemon\n" in (other / "entra-config.yaml").read_text()
    assert "# What they have." in (other / "entra-config.yaml").read_text()
    pinned = loader.load(other, "dev").pinned
    assert pinned.keys() == {"nightly"}
    made = world.plan("dev", other, "takeover")
    assert any("taken over from myapp/dev" in note for change in made.changes for note in change.notes)
    world.apply(made)
    left = world.plan()
    assert not any(change for change in lines(left) if "nightly" in change), lines(left)


def test_an_environment_is_renamed_where_it_is_named_alone(world: World) -> None:
    """`only` of what is of this environment says the new name; what is of another one stays."""
    path = world.root / "entra-config.yaml"
    path.write_text(
        f"{path.read_text(encoding='utf-8')}"
        "\nremoved:\n  applications:\n    gone: { only: [dev, prod], destroy: false }\n    left: { only: [prod], destroy: false }\n",
        encoding="utf-8",
    )
    move.environment(world.root, "dev", "test").write()
    text = path.read_text(encoding="utf-8")
    assert "gone: { only: [test, prod]" in text
    assert "left: { only: [prod]" in text


def test_a_key_is_renamed_where_one_environment_says_more(world: World) -> None:
    """Targets of `settings` stand in overrides too: there the page, and there the API that it calls."""
    path = world.root / "entra-config.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("awsStack: aws.json", "awsStack: aws.json, api: api"), encoding="utf-8")
    for old, new in (("spa", "page"), ("api", "backend")):
        move.key(world.root, old, new).write()
    said = "settings: { spas: { page: { awsStack: aws.json, api: backend } } }"
    assert said in path.read_text(encoding="utf-8")
    assert [app.api for app in loader.load(world.root, "prod").settings.apps if app.key == "page"] == [
        "backend"
    ]
