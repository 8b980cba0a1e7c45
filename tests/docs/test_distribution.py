"""What goes with the code to whoever gets it: the release's script, owners, updates, forms, the schema for
editors, the words for agents.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.docs.session import PROJECT

sys.path.append(str(PROJECT / "tools/docs"))
import commands  # of tools/docs

GITHUB = PROJECT / ".github"


@pytest.mark.parametrize(
    ("tag", "reported"),
    [("v9.9.9", "error: the tag is v9.9.9, and pyproject.toml says"), ("v0.1.0", "no section 0.1.0")],
)
def test_a_release_that_does_not_hold_together_is_not_built(tag: str, reported: str, tmp_path: Path) -> None:
    """A tag that is another version, a version that the changelog does not know: nothing is built."""
    for name in ("pyproject.toml", "CHANGELOG.md", "tools/release/build.sh"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((PROJECT / name).read_bytes())
    changelog = (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(changelog.replace("## 0.1.0", "## Unreleased"), encoding="utf-8")
    script = ["bash", str(tmp_path / "tools/release/build.sh"), tag]
    ran = subprocess.run(
        script,
        env={"PATH": "/usr/bin:/bin", "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1
    assert reported in ran.stderr
    assert not (tmp_path / "dist").exists()


def test_the_release_publishes_what_it_built_and_holds_no_password() -> None:
    """Each job has the permissions that it needs and no other; no secret but the job's own token."""
    text = (GITHUB / "workflows/release.yml").read_text(encoding="utf-8")
    flow = yaml.safe_load(text)

    assert flow["permissions"] == {}
    assert {name: sorted(job["permissions"]) for name, job in flow["jobs"].items()} == {
        "build": ["contents"],
        "attest": ["attestations", "id-token"],
        "publish": ["id-token"],
        "images": ["attestations", "contents", "id-token", "packages"],
        "release": ["contents"],
    }
    assert {name: job.get("needs") for name, job in flow["jobs"].items()} == {
        "build": None,
        "attest": "build",
        "publish": "attest",
        "images": "publish",
        "release": "images",
    }
    assert "secrets." not in text
    assert flow["jobs"]["publish"]["environment"] == "pypi"
    building = [name for name, job in flow["jobs"].items() if "build.sh" in json.dumps(job)]
    assert building == ["build"]


# `docker`, of which each command is written down; its registry keeps the commit that an image says it is of.
DOCKER = """#!/bin/sh
printf '%s\\n' "$*" >> docker.log
for last; do :; done
kept=registry/$(basename "$last")
case "$1" in
  manifest) [ -e "$kept" ] ;;
  build) printf %s "$*" | sed 's/.*image.revision=\\([0-9a-f]*\\).*/\\1/' > built ;;
  push) ! [ -e "$kept.refused" ] && cp built "$kept" ;;
  inspect) case "$3" in
    *revision*) cat "$kept" ;;
    *) echo "${last%%:*}@sha256:$(printf %s "$last" | sha256sum | cut -c1-64)" ;;
  esac ;;
esac
"""
COMMANDS = ["build", "run", "push", "inspect"]


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """Make a folder with one commit and the script, and a stand-in for Docker."""
    script = tmp_path / "tools/release/images.sh"
    script.parent.mkdir(parents=True)
    script.write_bytes((PROJECT / "tools/release/images.sh").read_bytes())
    (tmp_path / "registry").mkdir()
    docker = tmp_path / "bin/docker"
    docker.parent.mkdir()
    docker.write_text(DOCKER, encoding="utf-8")
    docker.chmod(0o755)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    commit(tmp_path)
    return tmp_path


def commit(folder: Path) -> str:
    """Make a commit; return its name."""
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "one"], check=True)
    named = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return named.stdout.strip()


def imaged(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the script that makes images."""
    return subprocess.run(
        ["bash", str(folder / "tools/release/images.sh"), *words],
        cwd=folder,
        env={"PATH": f"{folder}/bin:/usr/bin:/bin", "SOURCE_URL": "https://example.com/e"},
        capture_output=True,
        text=True,
        check=False,
    )


def requested(folder: Path) -> list[str]:
    """Return what Docker was asked since the last time."""
    log = folder / "docker.log"
    lines = log.read_text(encoding="utf-8").splitlines()
    log.unlink()
    return lines


def test_both_images_are_tried_before_they_are_pushed(released: Path) -> None:
    """Each target of the recipe is built, run without rights, then pushed; its digest is told."""
    ran = imaged(released, "1.2.3", "ghcr.io/Some-One/entra-config")

    assert ran.returncode == 0, ran.stderr
    reported = dict(line.split("=", 1) for line in ran.stdout.splitlines())
    assert reported["cli-name"] == "ghcr.io/some-one/entra-config"
    assert reported["emulator-name"] == "ghcr.io/some-one/entra-config-emulator"
    assert all(
        re.fullmatch(r"sha256:[0-9a-f]{64}", reported[f"{target}-digest"]) for target in ("cli", "emulator")
    )
    log = requested(released)
    assert [line.split()[0] for line in log] == [*2 * ["manifest"], *2 * COMMANDS]
    recipe = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    built = [re.search(r"--target (\w+)", line)[1] for line in log if line.startswith("build")]
    assert built == ["cli", "emulator"]
    assert all(f" AS {target}\n" in recipe for target in built)


@pytest.mark.parametrize("refused", ["entra-config", "entra-config-emulator"])
def test_a_run_that_stopped_half_way_goes_on_where_it_stopped(refused: str, released: Path) -> None:
    """An image of this very commit that was pushed stays as it is; both digests are told, for attesting."""
    words = ("1.2.3", "ghcr.io/someone/entra-config")
    (released / f"registry/{refused}:1.2.3.refused").touch()
    assert imaged(released, *words).returncode == 1
    (released / f"registry/{refused}:1.2.3.refused").unlink()
    before = {line.split()[-1] for line in requested(released) if line.startswith("push")} - {
        f"ghcr.io/someone/{refused}:1.2.3"
    }
    assert len(before) == ["entra-config", "entra-config-emulator"].index(refused)

    again = imaged(released, *words)

    assert again.returncode == 0, again.stderr
    assert len(re.findall(r"-digest=sha256:", again.stdout)) == 2
    pushed = {line.split()[-1] for line in requested(released) if line.startswith("push")}
    assert not pushed & before
    assert len(pushed | before) == 2
    once_more = imaged(released, *words)
    assert once_more.stdout == again.stdout
    assert not [line for line in requested(released) if line.startswith(("build", "push"))]


def test_an_image_of_another_commit_is_never_written_over(released: Path) -> None:
    """Nothing is built where either is there."""
    first = commit(released)
    (released / "registry/entra-config-emulator:1.2.3").write_text(first, encoding="utf-8")
    second = commit(released)
    ran = imaged(released, "1.2.3", "ghcr.io/someone/entra-config")

    assert ran.returncode == 1
    assert ran.stderr == (
        "error: ghcr.io/someone/entra-config-emulator:1.2.3 is there already, "
        f"made of {first}, and this is {second}\n"
    )
    assert not [line for line in requested(released) if line.startswith(("build", "push"))]


def test_owners_and_updates_name_what_is_there() -> None:
    """No pattern of CODEOWNERS is of a place that is gone; each folder of dependabot has its lock file,
    and each lock file and image is in one.
    """
    for line in (GITHUB / "CODEOWNERS").read_text(encoding="utf-8").splitlines():
        pattern = line.partition(" ")[0]
        if pattern.startswith("/"):
            assert list(PROJECT.glob(pattern.strip("/"))), pattern
    found = {"npm": "package-lock.json", "pip": "requirements*.lock", "docker": "Dockerfile"}
    kept: set[Path] = set()
    for update in yaml.safe_load((GITHUB / "dependabot.yml").read_text(encoding="utf-8"))["updates"]:
        assert update["cooldown"]["default-days"] >= 7
        for folder in update["directories"]:
            if name := found.get(update["package-ecosystem"]):
                here = set(PROJECT.glob(f"{folder.strip('/')}/{name}".lstrip("/")))
                assert here, folder
                kept |= here
    tracked = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    files = {PROJECT / line for line in tracked.stdout.splitlines()}
    assert {path for path in files if any(map(path.match, found.values()))} == kept


def test_the_forms_are_forms() -> None:
    """Each has a name, a description and fields with ids of their own; no blank issue goes around them."""
    forms = sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml"))
    assert len(forms) == 4
    for path in forms:
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.name == "config.yml":
            assert form["blank_issues_enabled"] is False
            continue
        assert {"name", "description", "body"} <= set(form)
        fields = [each for each in form["body"] if each["type"] != "markdown"]
        assert len({each["id"] for each in fields}) == len(fields) > 1
        assert all(each["attributes"]["label"] for each in fields)


def test_the_schema_is_ready_for_a_catalogue() -> None:
    """The entry names a file that is there, which takes the example and refuses an unknown key."""
    entry = json.loads((PROJECT / "tools/release/schemastore.json").read_text(encoding="utf-8"))
    assert set(entry) == {"name", "description", "fileMatch", "url"}
    schema = json.loads((PROJECT / entry["url"].partition("/main/")[2]).read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    root = yaml.safe_load((PROJECT / "manifests/entra-config.yaml").read_text(encoding="utf-8"))

    assert not list(validator.iter_errors(root))
    assert list(validator.iter_errors({**root, "enviroments": {}}))


@pytest.mark.parametrize("name", ["AGENTS.md", "SECURITY.md"])
def test_what_is_said_at_the_top_is_so(name: str) -> None:
    """Its links lead somewhere, and its commands and options exist."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?://)([^)#]+)", text)

    assert links
    assert [link for link in links if not (PROJECT / link).exists()] == []
    assert list(commands.problems(name, text)) == []
