"""`bootstrap github` in this process, `gh` on a stand-in: what is shown before the first write, and what a
no leaves as it was.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from entra_config.cli import carrying, gh
from entra_config.emulator import seed
from entra_config.emulator.embedded import Embedded
from tests.manifests import WEB
from tests.unit.cli.ran import Ran, Run
from tests.workflows.gh import fields
from tests.workflows.settings import ADMINISTRATOR, Settings


@dataclass(frozen=True)
class Tool(gh.Gh):
    """`gh` of a repository's administrator, without a process."""

    settings: Settings = field(default_factory=Settings)

    def _run(self, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        match list(words):
            case ["api", "-X", method, path, *rest]:
                status, body = self.settings.response(ADMINISTRATOR, method, f"/{path}", fields(rest))
            case ["variable", "set", name, "--body", value, *rest]:
                named = dict(zip(rest[::2], rest[1::2], strict=True))
                where = f"environments/{named['--env']}" if "--env" in named else "actions"
                path = f"/repos/{named['--repo']}/{where}/variables/{name}"
                status, body = self.settings.response(ADMINISTRATOR, "PUT", path, {"value": value})
            case ["api", path]:
                status, body = self.settings.response(ADMINISTRATOR, "GET", f"/{path.split('?')[0]}", None)
            case _:
                raise AssertionError(words)
        code, said = (0, "") if status < 400 else (1, f"gh: (HTTP {status})")
        return subprocess.CompletedProcess(list(words), code, json.dumps(body), said)


@dataclass
class Desk:
    """A repository whose manifest has no pipeline yet, its GitHub, and somebody at a terminal who answers."""

    run: Run
    folder: Path
    settings: Settings
    responses: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)
    # What stands there when somebody is asked, by question.
    seen: list[dict[str, str]] = field(default_factory=list)

    def bootstrap(self, *words: str) -> Ran:
        """Run it as an administrator does."""
        wheel = self.folder.parent / f"entra_config-{version('entra-config')}-py3-none-any.whl"
        wheel.write_bytes(b"PK")
        given = ["--repository", "example/myapp", "--reviewer", "@example/platform", "--wheel", str(wheel)]
        titled = [] if (self.folder / "pipeline/entra-config.yaml").exists() else ["--title", "MyApp"]
        return self.run("bootstrap", "github", *given, *titled, *words)

    def files(self) -> dict[str, str]:
        """Return all files of the repository."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }

    def response(self, question: str, _: str) -> bool:
        """Answer as somebody does."""
        self.requested.append(question)
        self.seen.append(self.files())
        return self.responses.pop(0) == "yes"


@pytest.fixture
def desk(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a repository with the worked example, and somebody who sits before a terminal."""
    (folder / ".git").mkdir()
    settings = Settings()
    found = Desk(run, folder, settings)
    tool: Callable[[], gh.Gh] = lambda: Tool("gh", settings)  # noqa: E731  # a function of no words
    monkeypatch.setattr(gh, "found", tool)
    monkeypatch.setattr(carrying, "agreed", found.response)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    return found


NAMES = ("MyApp Reader", "MyApp Writer (prod)")


def live(tenant: Embedded) -> set[str]:
    """Return those names of the pipeline's identities that an application has."""
    return {name for name in NAMES if tenant.directory.default.one("applications", "displayName", name)}


def send(tenant: Embedded, method: str, path: str) -> None:
    """Send one request as an administrator."""

    async def sent() -> None:
        async with tenant.client(tenant.app_caller(seed.ADMIN_APP_ID)) as client:
            (await client.request(method, f"https://graph.microsoft.com/v1.0{path}")).raise_for_status()

    asyncio.run(sent())


@pytest.mark.parametrize("words", [(), ("--apply", "--allow", "dangerous")])
def test_the_plan_is_shown_before_anything_is_written_and_a_no_writes_nothing(
    desk: Desk, tenant: Embedded, words: tuple[str, ...]
) -> None:
    """On the first run too, where the manifest of the identities is not there yet."""
    before, applications = desk.files(), live(tenant)
    desk.responses = ["no"]

    done = desk.bootstrap(*words)

    assert done.code == 1
    assert "+ application writer-prod" in done.out
    assert "pipeline/identities.yaml:" in done.out
    (question,) = desk.requested
    assert question.startswith("Write these files, set this in GitHub" if words else "Write these files and")
    assert ("apply this to contoso" in question) == bool(words)
    assert desk.files() == before
    assert not desk.settings.writes
    assert live(tenant) == applications
    assert "Nothing was changed." in done.err


def test_the_plan_that_was_shown_is_the_one_that_is_applied(desk: Desk, tenant: Embedded) -> None:
    """One yes for files, settings and plan; it is shown once, and nothing is left."""
    desk.responses = ["yes", "yes"]

    done = desk.bootstrap("--apply", "--allow", "dangerous")

    assert done.code == 0, done.err
    assert done.out.count("+ application writer-prod") == 1
    assert "MyApp Writer (prod)" in live(tenant)
    assert desk.bootstrap("--check").code == 0


def test_a_refused_plan_writes_nothing(desk: Desk, tenant: Embedded) -> None:
    """Its limit is named, before any file is written, and nobody is asked."""
    desk.responses = ["yes", "yes"]
    assert desk.bootstrap("--apply", "--allow", "dangerous").code == 0
    reader = tenant.directory.default.one("applications", "displayName", "MyApp Reader")
    assert reader is not None
    send(tenant, "DELETE", f"/applications/{reader['id']}")
    (desk.folder / ".github/workflows/entra-drift.yml").unlink()
    before, requested = desk.files(), list(desk.requested)

    done = desk.bootstrap("--apply", "--allow", "dangerous")

    assert done.code == 3
    assert "--allow restore" in done.out
    assert "nothing was written: the plan of the identities is refused" in done.err
    assert desk.files() == before
    assert desk.requested == requested


def test_what_is_known_after_the_apply_is_asked_for_beside_what_it_replaces(desk: Desk) -> None:
    """Variables and lock lines: a no leaves them as they are, and the old values were told."""
    desk.settings.variables["ENTRA_READER_CLIENT_ID"] = "old-reader"
    desk.settings.environment_variables["prod"] = {"ENTRA_WRITER_CLIENT_ID": "old-writer"}
    lock = desk.folder / "manifests/entra-config.prod.lock.yaml"
    text = lock.read_text(encoding="utf-8")
    assert "servicePrincipals:" in text
    desk.responses = ["yes", "no"]

    done = desk.bootstrap("--apply", "--allow", "dangerous")

    assert done.code == 1
    assert "variable ENTRA_READER_CLIENT_ID: " in done.out
    assert "; so far it is old-reader" in done.out
    assert "; so far it is old-writer" in done.out
    assert any(line.startswith("-") and "MyApp Writer (prod)" in line for line in done.out.splitlines())
    assert desk.requested[1].startswith("Write these files and set this in GitHub?")
    assert desk.files() == desk.seen[1]
    assert lock.read_text(encoding="utf-8") == text
    assert desk.settings.variables["ENTRA_READER_CLIENT_ID"] == "old-reader"
    assert desk.settings.environment_variables["prod"] == {"ENTRA_WRITER_CLIENT_ID": "old-writer"}
    assert "the identities are applied; this command again writes and sets the rest" in done.err

    desk.responses = ["yes"]
    assert desk.bootstrap().code == 0
    assert desk.settings.variables["ENTRA_READER_CLIENT_ID"] != "old-reader"
    assert desk.bootstrap("--check").code == 0


@pytest.mark.parametrize(
    "path",
    [
        ".github/scripts/comment.py",
        ".github/workflows/entra-drift.yml",
        ".github/actions/install/requirements.lock",
        "pipeline/identities.yaml",
    ],
)
def test_a_file_of_ones_own_is_not_written_over(desk: Desk, path: str) -> None:
    """Of the same name, and nothing in it says that bootstrap wrote it: refused by name before anything else,
    and with the word replaced.
    """
    file = desk.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("# my own\n# not yours\n", encoding="utf-8")
    before = desk.files()

    done = desk.bootstrap("--auto-approve")

    assert done.code == 1
    assert f"{path}: bootstrap did not write this, and would write over it" in done.err
    assert "--replace" in done.err
    assert desk.files() == before
    assert not desk.settings.writes

    assert desk.bootstrap("--auto-approve", "--replace").code == 0
    assert "my own" not in file.read_text(encoding="utf-8")
    assert desk.bootstrap("--auto-approve").code == 0


def test_each_written_file_may_be_written_again(desk: Desk) -> None:
    """Another version of it, whatever it is, is ours by its first lines; where lines are others' too, they
    stay.
    """
    desk.responses = ["yes"]
    assert desk.bootstrap().code == 0
    written = [path for path in desk.files() if path.startswith((".github/", "pipeline/"))]
    for path in written:
        file = desk.folder / path
        file.write_text(file.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")

    assert desk.bootstrap("--auto-approve").code == 0

    left = [path for path in written if desk.files()[path].endswith("# more\n")]
    assert sorted(left) == [".github/zizmor.yml"]
    assert "# more" in desk.files()[".github/CODEOWNERS"]


def test_doctor_says_a_pin_that_is_another_principal(desk: Desk, tenant: Embedded) -> None:
    """The lock file may lead to somebody else who has the writer's name: `deployers` would mean him."""
    desk.responses = ["yes", "yes"]
    assert desk.bootstrap("--apply", "--allow", "dangerous").code == 0
    assert desk.run("doctor", "--pipeline").code == 0
    lock = desk.folder / "manifests/entra-config.prod.lock.yaml"
    found = re.search(r'"?MyApp Writer \(prod\)"?: (\S+)', lock.read_text(encoding="utf-8"))
    assert found is not None
    other = tenant.directory.default.service_principal_by_app_id(seed.READER_APP_ID)
    assert other is not None
    lock.write_text(lock.read_text(encoding="utf-8").replace(found[1], other["id"]), encoding="utf-8")

    done = desk.run("doctor", "--pipeline")

    assert done.code == 1
    said = f"prod pins MyApp Writer (prod) as {other['id']}, and its service principal is {found[1]}"
    assert said in " ".join(done.out.split())


BY_HAND = """\
      # The team's own report
      by-hand:
        issuer: https://token.actions.githubusercontent.com
        subject: repo:example@4711/reports@816:ref:refs/heads/main   # theirs
"""
ADDED = """\
  cleaner:   # empties what nobody uses
    type: daemon
    displayName: MyApp Cleaner
    apiPermissions: { Microsoft Graph: { application: [Group.Read.All], adminConsent: true } }
"""


def test_what_a_person_added_to_the_pipeline_stays_and_is_told(desk: Desk) -> None:
    """A subject, an application with what it is consented to, a file of one's own: in each run."""
    assert desk.bootstrap("--auto-approve").code == 0
    identities, root = desk.folder / "pipeline/identities.yaml", desk.folder / "pipeline/entra-config.yaml"
    text = identities.read_text(encoding="utf-8")
    start = text.index("    apiPermissions:")
    identities.write_text(text[:start] + BY_HAND + text[start:] + ADDED, encoding="utf-8")
    text = root.read_text(encoding="utf-8").replace(
        "  - path: identities.yaml\n", "  - path: identities.yaml\n  - path: more.yaml\n"
    )
    text = text.replace(
        "            - Policy.Read.All\n", "            - Group.Read.All\n            - Policy.Read.All\n"
    )
    root.write_text(text, encoding="utf-8")
    (desk.folder / "pipeline/more.yaml").write_text(
        "applications: { other: { type: daemon, displayName: Other } }\n", encoding="utf-8"
    )
    before = desk.files()

    done = desk.bootstrap("--auto-approve")

    assert done.code == 0, done.err
    assert desk.files() == before
    for said in (
        "identities.yaml: applications.reader.federatedCredentials.by-hand stays",
        "identities.yaml: applications.cleaner stays",
        "entra-config.yaml: files.more.yaml stays",
    ):
        assert said in done.out

    # Where the rest of the file changes, it stays all the same.
    identities.write_text(
        identities.read_text(encoding="utf-8").replace("example@4711/myapp", "example@1/myapp"),
        encoding="utf-8",
    )
    assert desk.bootstrap("--auto-approve").code == 0
    assert desk.files() == before


def test_a_way_in_that_is_called_otherwise_is_not_added_twice(desk: Desk) -> None:
    """Entra takes no two with the same issuer, subject and audience: a person's name for it stays."""
    assert desk.bootstrap("--auto-approve").code == 0
    identities = desk.folder / "pipeline/identities.yaml"
    text = identities.read_text(encoding="utf-8").replace("      drift:\n", "      nightly:\n")
    identities.write_text(text, encoding="utf-8")

    assert desk.bootstrap("--auto-approve").code == 0

    assert identities.read_text(encoding="utf-8") == text


def test_what_an_earlier_run_wrote_goes_with_its_reason(desk: Desk) -> None:
    """An environment that is no more has no pins to propose: its way in is not taken for a person's."""
    assert desk.bootstrap("--auto-approve").code == 0
    identities = desk.folder / "pipeline/identities.yaml"
    text = identities.read_text(encoding="utf-8")
    way = text[text.index("      pins-dev:") : text.index("      pins-prod:")]
    identities.write_text(text.replace(way, way.replace("pins-dev", "pins-old") + way), encoding="utf-8")

    done = desk.bootstrap("--auto-approve")

    assert identities.read_text(encoding="utf-8") == text
    assert "-      pins-old:" in done.out
    assert "stays" not in done.out


def test_secrets_with_a_life_get_their_workflow_its_subjects_and_its_lock_file(desk: Desk) -> None:
    """Where the manifest declares one; it stays with its subjects as long as its file does."""
    weekly, lock = (
        ".github/workflows/entra-credentials.yml",
        ".github/actions/install/requirements-sinks.lock",
    )
    assert desk.bootstrap("--auto-approve").code == 0
    plain = desk.files()
    assert not {weekly, lock} & plain.keys()
    root = desk.folder / "manifests/entra-config.yaml"
    kept = root.read_text(encoding="utf-8")
    text = kept.replace("  - path: access.yaml\n", "  - path: access.yaml\n  - path: web.yaml\n")
    sinks = f"    protected: true\n    sinks: {{ web: {{ file: {desk.folder.parent}/web }} }}\n"
    root.write_text(text.replace("    protected: true\n", sinks), encoding="utf-8")
    (desk.folder / "manifests/web.yaml").write_text(WEB, encoding="utf-8")

    done = desk.bootstrap("--auto-approve")

    assert done.code == 0, done.err
    found = yaml.safe_load(desk.files()["pipeline/identities.yaml"])["applications"]
    place = "job_workflow_ref:example/myapp/.github/workflows/entra-credentials.yml@refs/heads/main"
    for key, context in (("reader", "ref:refs/heads/main"), ("writer-prod", "environment:prod")):
        subject = found[key]["federatedCredentials"]["credentials"]["subject"]
        assert subject == f"{desk.settings.prefix}:{context}:{place}"
    assert "boto3==" in desk.files()[lock]
    assert "--hash=sha256:" in desk.files()[lock]
    jobs = yaml.safe_load(desk.files()[weekly])["jobs"]
    assert list(jobs) == [
        f"{job}-{name}" for name in ("dev", "prod") for job in ("report", "rotate", "pins")
    ] + ["issue"]
    assert desk.bootstrap("--check").code == 2  # nobody applied the identities
    assert "wrote" not in desk.bootstrap("--auto-approve").err

    root.write_text(kept, encoding="utf-8")
    (desk.folder / "manifests/web.yaml").unlink()
    before = desk.files()
    assert desk.bootstrap("--auto-approve").code == 0
    assert desk.files()["pipeline/identities.yaml"] == before["pipeline/identities.yaml"]
    (desk.folder / weekly).unlink()
    (desk.folder / lock).unlink()
    assert desk.bootstrap("--auto-approve").code == 0
    assert desk.files() == plain


def test_ten_lines_call_the_pipeline_of_a_commit(desk: Desk) -> None:
    """No file below .github but theirs and the owners, no environment of the pins; again changes nothing."""
    desk.responses = ["yes", "yes"]
    called = f"example/entra-config@{'1' * 40}"

    done = desk.bootstrap("--calling", called, "--apply", "--allow", "dangerous")

    assert done.code == 0, done.err
    assert [path for path in desk.files() if path.startswith(".github/")] == [
        ".github/CODEOWNERS",
        ".github/workflows/entra.yml",
    ]
    assert set(desk.settings.environments) == {"dev", "prod"}
    assert desk.bootstrap("--check").code == 0
    assert desk.run("doctor", "--pipeline").code == 0
