"""A project's name and tenant in; the files of the example API and page with their manifest, under that name,
out, by path below the project's folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

from entra_config import extras
from entra_config.cli.demo.story import example
from entra_config.manifest.published.starter import PLACEHOLDER_TENANT, title

START = "START.md"
PARTS = ("api", "spa", "dev")
# Object ids of the emulator's own tenant.
_PINS = re.compile(r"\.lock\.yaml$")
# Of this repository alone: its own tests, and what was built or installed.
_LEFT_OUT = re.compile(
    r"(^|/)(tests|e2e|node_modules|dist|__pycache__|Dockerfile\.dockerignore)(/|$)|\.test\.tsx?$|/testing\.ts$"
    r"|\.pyc$|vitest\.e2e|README\.md$"
)


def files(project: str, tenant_id: str) -> Mapping[str, str]:
    """Return all files; words of the example's name become the project's."""
    found = {f"manifests/{path}": text for path, text in _below(example(), _PINS)}
    for part in PARTS:
        found |= {f"{part}/{path}": text for path, text in _below(_place(part), _LEFT_OUT)}
    named = {path: _named(text, project, tenant_id) for path, text in found.items()}
    line = f"pip install {extras.requirement('emulator', 'api')}"
    return {START: _text().format(title=title(project), install=line)} | named


def _text() -> str:
    return resources.files("entra_config.cli").joinpath("start.md").read_text(encoding="utf-8")


def _place(part: str) -> Path:
    """Return where a part is: in the installed package, or in the repository."""
    packaged = Path(str(resources.files("entra_config"))) / "reference" / part
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / part


def _below(folder: Path, left_out: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not left_out.search(name):
            yield name, path.read_bytes().decode()


def _named(text: str, project: str, tenant_id: str) -> str:
    text = text.replace("MyApp", title(project)).replace(PLACEHOLDER_TENANT, tenant_id)
    return re.sub(r"\bmyapp\b", project, text)
