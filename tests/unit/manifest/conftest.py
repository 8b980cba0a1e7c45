"""A folder to write manifests in, and ways to load them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from entra_config.errors import ManifestError
from entra_config.manifest import loader
from entra_config.manifest.model import Application, Manifest

TENANT = "11111111-1111-1111-1111-111111111111"
HEAD = f"project: myapp\nenvironments: {{ dev: {{ tenantId: {TENANT} }} }}\n"

Write = Callable[..., None]
Load = Callable[..., Manifest]
Problems = Callable[..., list[str]]
One = Callable[[str], Application]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, so that problems name files shortly."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write() -> Write:
    """Write files: the root file's text, then others by name."""

    def run(root: str = "", **others: str) -> None:
        Path("entra-config.yaml").write_text(root, encoding="utf-8")
        for name, text in others.items():
            path = Path(f"{name.replace('__', '/')}.yaml")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return run


@pytest.fixture
def load(write: Write) -> Load:
    """Write a manifest and load it; a text without `project:` gets a head with one environment."""

    def run(root: str, environment: str | None = None, **others: str) -> Manifest:
        write(root if "project:" in root else HEAD + root, **others)
        return loader.load(Path("entra-config.yaml"), environment)

    return run


@pytest.fixture
def problems(load: Load) -> Problems:
    """Write a manifest that does not hold and return what is wrong with it."""

    def run(root: str, environment: str | None = None, **others: str) -> list[str]:
        with pytest.raises(ManifestError) as caught:
            load(root, environment, **others)
        return [str(problem) for problem in caught.value.problems]

    return run


@pytest.fixture
def one(load: Load) -> One:
    """Load a manifest with one application `app`, given as the body of a flow map."""

    def run(body: str) -> Application:
        return load(f"applications: {{ app: {{ displayName: App, {body} }} }}\n").applications["app"]

    return run
