"""The container image's recipe: what it installs, as whom it runs, what it leaves out."""

import re
import tomllib
from pathlib import Path

API = Path(__file__).parents[1]
RECIPE = (API / "Dockerfile").read_text(encoding="utf-8")
LOCK = (API / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_pins_the_extra_and_hashes_all() -> None:
    """Each dependency of the extra `api` is pinned, and nothing is installed without a hash."""
    project = tomllib.loads((API.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[\[><=~!]", name, maxsplit=1)[0] for name in project["optional-dependencies"]["api"]}
    pinned = re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==\S+.*?\\\n +--hash=", LOCK, re.MULTILINE)
    assert wanted <= set(pinned)
    assert len(pinned) == len(re.findall(r"^[a-z0-9-]+.*==", LOCK, re.MULTILINE))
    assert "--require-hashes" in RECIPE


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
