"""The wheel and a row of extras in; an environment that has nothing else, and what its programs say, out."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".venv/tools/installers/bin"


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel in it."""

    folder: Path
    desk: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def packages(self) -> Path:
        """Return where its packages are."""
        (found,) = self.folder.glob("lib/python*/site-packages")
        return found

    @property
    def size(self) -> float:
        """Return MB of all files that are installed, bytecode with them."""
        return sum(file.stat().st_size for file in self.packages.rglob("*") if file.is_file()) / 1e6

    def python(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run its Python in an empty folder, with nothing of this checkout or of the caller's settings."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ENTRA_CONFIG", "AZURE_", "PYTHON"))
        }
        whole = [str(self.folder / "bin/python"), *arguments]
        return subprocess.run(
            whole, cwd=self.desk, env=kept | environ, capture_output=True, text=True, check=False
        )

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run the program that the wheel installs."""
        return self.python(str(self.folder / "bin/entra-config"), *arguments, **environ)


def uv(*arguments: str) -> None:
    """Run uv with settings of its own alone: nobody's, and no other Python's."""
    assert TOOLS.is_dir(), "make test-installs installs uv and pipx there"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PYTHON"))}
    subprocess.run([str(TOOLS / "uv"), *arguments], env=kept, check=True)


def environment(folder: Path, python: str, wanted: str, pins: Path) -> None:
    """Make an environment of one Python with one install in it, compiled as pip would leave it."""
    uv("venv", "-q", "--python", python, str(folder))
    installing = ("pip", "install", "-q", "--compile-bytecode", "--python", str(folder))
    uv(*installing, "--constraint", str(pins), wanted)
