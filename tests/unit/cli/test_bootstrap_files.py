"""The files that `bootstrap github` writes: which are a person's, and what of theirs stays."""

from __future__ import annotations

import pytest
import yaml

from tests.manifests import WEB
from tests.unit.cli.desk import Desk


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
    """A subject, an application with what it is consented to, your own file: in each run."""
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
