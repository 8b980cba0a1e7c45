"""The container image's recipe: what it installs, as whom it runs, what it leaves out."""

import re
import tomllib
from pathlib import Path

import pytest

API = Path(__file__).parents[1]
RECIPE = (API / "Dockerfile").read_text(encoding="utf-8")
LOCKS = {"requirements.lock": ("api",), "requirements-mcp.lock": ("api", "api-mcp")}


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_pins_the_extra_and_hashes_all(name: str) -> None:
    """Each dependency of its extras is pinned, and nothing is installed without a hash."""
    lock = (API / name).read_text(encoding="utf-8")
    project = tomllib.loads((API.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    every = [each for extra in LOCKS[name] for each in project["optional-dependencies"][extra]]
    wanted = {re.split(r"[\[><=~!]", each, maxsplit=1)[0] for each in every} - {"entra-config"}
    pinned = re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==\S+.*?\\\n +--hash=", lock, re.MULTILINE)
    assert wanted <= set(pinned)
    assert len(pinned) == len(re.findall(r"^[a-z0-9-]+.*==", lock, re.MULTILINE))
    assert "--require-hashes" in RECIPE
    ignored = (API / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert not {f"api/{name}", "api/*.lock"} & set(ignored)


def test_both_images_run_the_same_versions() -> None:
    """What the MCP server adds changes nothing of what the API alone runs on."""
    plain, more = (
        dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^ ;\\]+)", (API / name).read_text(), re.MULTILINE))
        for name in LOCKS
    )
    assert {name: more.get(name) for name in plain} == plain
    assert "ARG LOCK=requirements.lock" in RECIPE
    assert "COPY api/${LOCK} /requirements.lock" in RECIPE


def test_the_image_runs_without_rights() -> None:
    """The last user is not root, and the process gets signals itself."""
    *_, final = RECIPE.split("\nFROM ")
    assert re.findall(r"^USER (\S+)$", final, re.MULTILINE) == ["10001"]
    assert final.index("\nUSER ") < final.index("\nENTRYPOINT [")
    assert "PYTHONDONTWRITEBYTECODE=1" in final, "the root is read-only"


def test_tests_are_left_out() -> None:
    """The image holds no test keys or test issuers."""
    ignored = (API / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert (ignored[0], "api/tests" in ignored) == ("*", True)
