"""The wheel, each row of extras alone in an empty environment: its size, what its commands do there, what
they say they lack.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from entra_config.cli.main import COMMANDS
from entra_config.extras import EXTRAS, SOURCE
from tests.docs import session

pytestmark = pytest.mark.installs
ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".venv/tools/installers/bin"

# Extras: MB of all that is installed for the base, for the others MB beyond it. `api` and `api-mcp`
# are for the example API, which is no part of the wheel; what they bring is installed by `make dev`.
HEAVIEST = {"": 110, "aws": 50, "azure": 3, "emulator": 6, "github": 5, "sdk": 390}
# What a row's commands cost nobody who does not use them.
NEVER_FOR_THE_EMULATOR = {"azure", "msal", "boto3", "msgraph", "requests"}
DUMP = """import atexit, os, sys
def dump():
    with open(os.path.join(os.environ["MODULES"], str(os.getpid())), "w") as file:
        file.write("\\n".join(sorted({name.partition(".")[0] for name in sys.modules})))
if os.environ.get("MODULES"):
    atexit.register(dump)
"""


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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (found,) = folder.glob("entra_config-*.whl")
    return found


@pytest.fixture(scope="module")
def pins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the versions that the lock file pins, as constraints."""
    file = tmp_path_factory.mktemp("pins") / "constraints.txt"
    pinned = re.findall(
        r"^[a-z0-9][^ \\]*==[^\\\n]*",
        (ROOT / "requirements-dev.lock").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    file.write_text("\n".join(pinned), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def install(wheel: Path, pins: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Installed]:
    """Return what installs one row, with the versions that the lock file pins, once a row."""
    made: dict[str, Installed] = {}

    def row(extra: str) -> Installed:
        if extra not in made:
            folder = tmp_path_factory.mktemp(f"row-{extra or 'base'}")
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
            wanted = f"{wheel}[{extra}]" if extra else str(wheel)
            _pip("--python", str(folder / "bin/python"), "install", "--constraint", str(pins), wanted)
            made[extra] = Installed(folder, tmp_path_factory.mktemp("desk"))
        return made[extra]

    return row


def _pip(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *arguments], check=False
    )
    assert done.returncode == 0


def test_each_extra_of_the_program_has_a_row() -> None:
    """Whoever adds an extra says what it may weigh."""
    assert set(HEAVIEST) == {"", *EXTRAS}


@pytest.mark.parametrize("extra", HEAVIEST)
def test_an_install_is_as_light_as_it_was_said_to_be(install: Callable[[str], Installed], extra: str) -> None:
    """The base within 110 MB, an extra within what it may add."""
    size = install(extra).size - (install("").size if extra else 0)

    assert 1 < size <= HEAVIEST[extra]


@pytest.mark.parametrize("extra", HEAVIEST)
def test_an_install_says_what_it_is(install: Callable[[str], Installed], extra: str) -> None:
    """`--version` knows the wheel, no commit, and just this extra; `python -m entra_config` is the same
    program.
    """
    here = install(extra)
    ran, module = here.run("--version"), here.python("-m", "entra_config", "--version")

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == module.stdout
    assert re.fullmatch(rf"entra-config \d+\.\d+\.\d+\nextras: {extra or 'none'}\n", ran.stdout)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_of_itself_in_the_base(install: Callable[[str], Installed], command: str) -> None:
    """`--help` needs no extra."""
    ran = install("").run(command, "--help")

    assert ran.returncode == 0, ran.stderr
    assert "Usage: entra-config" in ran.stdout


def test_the_base_checks_a_manifest(install: Callable[[str], Installed]) -> None:
    """`init`, `validate`, `lint`, `schema` and `settings` run without a tenant and without an extra."""
    here = install("")
    linted = ("lint", "-f", "shop", "--min-severity", "E")
    for arguments in (
        ("init", "--project", "shop", "-f", "shop"),
        ("validate", "-f", "shop"),
        linted,
        ("schema",),
    ):
        ran = here.run(*arguments)
        assert ran.returncode == 0, ran.stderr


@pytest.fixture(scope="module", params=["3.11", "3.13"])
def programs(
    request: pytest.FixtureRequest, wheel: Path, pins: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Make an environment with nothing but the wheel and its emulator, of the oldest and newest Python; uv
    fetches the one that is not here. Return where a shell looks for programs then.
    """
    assert TOOLS.is_dir(), "make test-installs installs uv and pipx there"
    version, environment = request.param, tmp_path_factory.mktemp("python") / "environment"
    uv = str(TOOLS / "uv")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PYTHON"))}
    installing = ("pip", "install", "-q", "--python", str(environment), "--constraint", str(pins))
    for words in (
        ("venv", "-q", "--python", version, str(environment)),
        (*installing, f"{wheel}[emulator]"),
    ):
        subprocess.run([uv, *words], env=kept, check=True)
    asked = [str(environment / "bin/python"), "-c", "import sys; print(*sys.version_info[:2], sep='.')"]
    assert subprocess.run(asked, check=True, capture_output=True, text=True).stdout == f"{version}\n"
    return f"{environment / 'bin'}:/usr/bin:/bin"


def test_the_readme_is_one_session_of_the_wheel(programs: str, tmp_path: Path) -> None:
    """What the page shows is typed in a folder that has what a clone has."""
    blocks = session.readme()

    session.reported(session.typed(session.clone(tmp_path / "clone"), programs, blocks), blocks)


@pytest.mark.parametrize("source", session.pages("fresh", "started"))
def test_each_page_is_one_session_of_the_wheel(programs: str, tmp_path: Path, source: str) -> None:
    """Likewise, on main of a repository."""
    session.walk(source, session.on_main(session.clone(tmp_path / "clone")), programs)


@pytest.mark.parametrize("source", session.pages("project"))
def test_a_page_about_a_project_is_one_session_of_the_wheel(
    wheel: Path, programs: str, tmp_path: Path, source: str
) -> None:
    """In a repository that has a manifest, with the wheel beside it."""
    folder = session.project(tmp_path)
    shutil.copy(wheel, folder)

    session.walk(source, folder, programs)


@pytest.mark.parametrize("line", session.install_lines())
def test_the_lines_that_install_are_as_the_readme_says(wheel: Path, tmp_path: Path, line: str) -> None:
    """uvx, uv and pipx take the line, with this wheel where the page has the repository; what they leave
    runs.
    """
    assert TOOLS.is_dir(), "make test-installs installs uv and pipx there"
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIPX_", "PYTHON"))
    }
    home = {name: str(tmp_path / name) for name in ("HOME", "PIPX_HOME", "UV_CACHE_DIR", "XDG_DATA_HOME")}
    bins = {
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "XDG_BIN_HOME": str(tmp_path / "bin"),
        "UV_PYTHON": sys.executable,
    }
    environ = kept | home | bins | {"PATH": f"{tmp_path / 'bin'}:{TOOLS}:/usr/bin:/bin"}
    wanted = line.replace(f"entra-config[emulator] @ {SOURCE}", f"{wheel}[emulator]")
    assert wanted != line
    after = "" if wanted.startswith("uvx") else "\nentra-config demo"

    shell = ["bash", "-euc", wanted + after]
    ran = subprocess.run(shell, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    assert "Nothing of myapp/dev is live" in ran.stdout


def test_a_command_that_lacks_its_extra_says_the_line(install: Callable[[str], Installed]) -> None:
    """No traceback, no word of a bug: what to install, and exit code 1."""
    here = install("")
    assert here.run("init", "--project", "shop", "-f", "tested").returncode == 0
    for arguments in (("emulator", "start", "--port", "0"), ("test", "-f", "tested")):
        ran = here.run(*arguments)

        assert ran.returncode == 1
        assert "pip install 'entra-config[emulator] @ file:///" in ran.stderr
        assert "bug" not in ran.stderr + ran.stdout


SINKS = {
    "aws": (
        '{ aws: { secret: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:w", account: '
        '"123456789012" } }'
    ),
    "azure": "{ azure: { vault: https://example.vault.azure.net, secret: w } }",
    "github": "{ github: { repository: example/myapp, environment: prod, secret: W } }",
}


@pytest.mark.parametrize("extra", SINKS)
def test_a_sink_that_lacks_its_extra_says_the_line(install: Callable[[str], Installed], extra: str) -> None:
    """Before anybody signs in; with the extra, it is the sign-in that lacks."""
    manifest = f"""project: p
environments: {{ dev: {{ tenantId: 11111111-1111-1111-1111-111111111111, sinks: {{ w: {SINKS[extra]} }} }} }}
applications: {{ w: {{ type: web, displayName: W, credentials: {{ secrets: {{ w: {{ sink: w }} }} }} }} }}
"""
    for row, said in (("", f"pip install 'entra-config[{extra}] @ file:///"), (extra, "no emulator runs")):
        here = install(row)
        (here.desk / f"{extra}.yaml").write_text(manifest, encoding="utf-8")
        ran = here.run("credentials", "rotate", "w", "-f", f"{extra}.yaml", "--cloud", "emulator")
        assert ran.returncode == 1
        assert said in ran.stderr, ran.stderr
        assert "bug" not in ran.stderr


def test_a_script_that_lacks_the_sdk_is_told_the_line(install: Callable[[str], Installed]) -> None:
    """`service_client()` in the base is an error with the remedy; with the extra it is Microsoft's client."""
    asked = "from entra_config.graph.sdk import service_client; from types import SimpleNamespace as A;"
    asked += "print(type(service_client(A(base_url='https://graph.microsoft.com/v1.0', send=None))).__name__)"
    without, having = install("").python("-c", asked), install("sdk").python("-c", asked)

    assert "pip install 'entra-config[sdk] @ file:///" in without.stderr
    assert having.stdout == "GraphServiceClient\n", having.stderr


def test_the_emulator_s_install_tells_the_whole_story(install: Callable[[str], Installed]) -> None:
    """`demo` runs from the wheel: the example is in it. Access tests run."""
    here = install("emulator")
    assert here.run("init", "--project", "shop", "-f", "told").returncode == 0
    assert here.run("test", "-f", "told").stdout == "1 access test passes in dev\n"
    ran = here.run("demo")

    assert ran.returncode == 0, ran.stderr
    assert "Nothing of myapp/dev is live" in ran.stdout


def test_the_emulator_starts_without_what_talks_to_azure(
    install: Callable[[str], Installed], tmp_path: Path
) -> None:
    """Neither the command nor the server imports azure-identity, MSAL or an SDK; a plan against it reaches
    it.
    """
    here = install("emulator")
    (here.packages / "sitecustomize.py").write_text(DUMP, encoding="utf-8")
    try:
        started = here.run("emulator", "start", "--port", "0", MODULES=str(tmp_path))
        assert started.returncode == 0, started.stderr
        pid = json.loads((here.desk / ".entra-config/emulator/run.json").read_text(encoding="utf-8"))["pid"]
        assert here.run("init", "--project", "shop").returncode == 0
        planned = here.run("plan", "-e", "dev", ENTRA_CONFIG_CLOUD="emulator")
        assert "Plan: " in planned.stdout, planned.stderr
    finally:
        here.run("emulator", "stop")
        (here.packages / "sitecustomize.py").unlink()
    imported = {file.name: set(file.read_text(encoding="utf-8").split()) for file in tmp_path.iterdir()}
    assert "uvicorn" in imported[str(pid)]
    assert len(imported) == 2
    assert not set().union(*imported.values()) & NEVER_FOR_THE_EMULATOR


def test_the_wheel_brings_the_applications(install: Callable[[str], Installed], tmp_path: Path) -> None:
    """`init --with-apps` of the wheel writes what it writes in this repository, but for the line that
    installs it.
    """
    words = ("init", "--project", "shop", "--with-apps")
    here = install("")
    (tmp_path / "there").mkdir()
    subprocess.run(
        [sys.executable, "-m", "entra_config", *words],
        cwd=tmp_path / "there",
        check=True,
        capture_output=True,
    )
    (here.desk / "anew").mkdir()
    ran = here.python(
        "-c", f"import os; os.chdir('anew'); from entra_config.cli.main import main; main({words!r})"
    )
    assert ran.returncode == 0, ran.stderr

    def written(folder: Path) -> dict[str, bytes]:
        found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
        return {name: path.read_bytes() for name, path in found.items() if name != "START.md"}

    assert written(here.desk / "anew") == written(tmp_path / "there")
    assert "@ file:///" in (here.desk / "anew/START.md").read_text(encoding="utf-8")


def test_the_wheel_brings_what_bootstrap_writes(install: Callable[[str], Installed]) -> None:
    """The templates, this repository's own actions and scripts, and the lock files, each to the byte."""
    script = (
        "import json; from entra_config.bootstrap import github, gitlab, templates; "
        "repository = github.repository('example/myapp', '1', '2'); "
        "files = github.workflows(repository, ['dev', 'prod'], 'manifests', 'pipeline', weekly=True); "
        "scripts = {f'.gitlab/{path}': text for path, text in templates.shipped(gitlab.HOST).items()}; "
        "assert templates.template(gitlab.HOST, 'gitlab-ci.yml') and scripts; "
        "names = ('requirements.lock', 'requirements-sinks.lock'); "
        "print(json.dumps({**files, **scripts, **{name: templates.requirements(name) for name in names}}))"
    )
    ran = install("").python("-I", "-c", script)

    assert ran.returncode == 0, ran.stderr
    for path, text in json.loads(ran.stdout).items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, path


@pytest.mark.parametrize("extra", ["api", "api-mcp"])
def test_the_example_api_runs_on_its_extra_alone(install: Callable[[str], Installed], extra: str) -> None:
    """Copied beside it, the API is imported; its MCP server needs `api-mcp`, and says so."""
    here = install(extra)
    shutil.copytree(ROOT / "api", here.desk / "api", ignore=shutil.ignore_patterns("tests", "__pycache__"))
    assert here.python("-c", "import api.app").returncode == 0
    ran = here.python("-c", "import api.mcp_server.routes")
    assert (ran.returncode == 0) == (extra == "api-mcp"), ran.stderr
    if extra == "api":
        assert "ModuleNotFoundError: No module named 'mcp'" in ran.stderr
