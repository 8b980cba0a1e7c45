"""The wheel, each row of extras alone in an empty environment: its size, what its commands do there, what
they say they lack.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from entra_config.cli.main import COMMANDS
from entra_config.extras import EXTRAS
from tests.installs.installed import ROOT, Installed

# One worker of the suite installs all rows, each once.
pytestmark = [pytest.mark.installs, pytest.mark.xdist_group("rows")]

# Extras: MB of all that is installed for the base, for the others MB beyond it. `api` and `api-mcp`
# are for the example API, which is no part of the wheel; what they bring is installed by `make dev`.
# For `github`: PyNaCl's libsodium alone is more than 3 MB.
HEAVIEST = {"": 110, "aws": 35, "azure": 3, "emulator": 6, "fleet": 45, "github": 5, "sdk": 390}
# What a row's commands cost nobody who does not use them.
NEVER_FOR_THE_EMULATOR = {"azure", "msal", "boto3", "msgraph", "requests"}
DUMP = """import atexit, os, sys
def dump():
    with open(os.path.join(os.environ["MODULES"], str(os.getpid())), "w") as file:
        file.write("\\n".join(sorted({name.partition(".")[0] for name in sys.modules})))
if os.environ.get("MODULES"):
    atexit.register(dump)
"""


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
    requested = "from entra_config.graph.sdk import service_client; from types import SimpleNamespace as A;"
    requested += (
        "print(type(service_client(A(base_url='https://graph.microsoft.com/v1.0', send=None))).__name__)"
    )
    without, having = install("").python("-c", requested), install("sdk").python("-c", requested)

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
        (pid,) = re.findall(r"\(process (\d+)\)", started.stderr)
        assert here.run("init", "--project", "shop").returncode == 0
        planned = here.run("plan", "-e", "dev", ENTRA_CONFIG_CLOUD="emulator")
        assert "Plan: " in planned.stdout, planned.stderr
    finally:
        here.run("emulator", "stop")
        (here.packages / "sitecustomize.py").unlink()
    imported = {file.name: set(file.read_text(encoding="utf-8").split()) for file in tmp_path.iterdir()}
    assert "uvicorn" in imported[pid]
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
        "assert gitlab.files(['dev'], 'manifests', 'pipeline', own_jobs=False) and scripts; "
        "names = ('requirements.lock', 'requirements-sinks.lock'); "
        "print(json.dumps({**files, **scripts, **{name: templates.requirements(name) for name in names}}))"
    )
    ran = install("").python("-I", "-c", script)

    assert ran.returncode == 0, ran.stderr
    for path, text in json.loads(ran.stdout).items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, path


def test_the_wheel_brings_the_templates_of_pages(install: Callable[[str], Installed]) -> None:
    """Those of both packages, with their style sheets."""
    packages = ("entra_fleet.report", "entra_config.report")
    script = (
        "import json; from entra_config.report import rendering; "
        "names = rendering.html_templates('entra_fleet.report').list_templates(); "
        "print(json.dumps(names))"
    )
    ran = install("").python("-I", "-c", script)

    assert ran.returncode == 0, ran.stderr
    folders = [ROOT / package.replace(".", "/") / "templates" for package in packages]
    assert json.loads(ran.stdout) == sorted(path.name for folder in folders for path in folder.iterdir())


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
