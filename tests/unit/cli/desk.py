"""A repository whose manifest has no pipeline yet, and somebody before a terminal who sets GitHub up."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from entra_config.bootstrap import gh
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
