"""How long commands take as whole processes; Markdown out.

The aims, in seconds of CPU: `plan --help` 0.1, `validate` of 200 applications with 30 roles each 0.25, a plan
of the example without changes 0.3; 100 access tests in less than 5 seconds.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from entra_config.cli import emulator_running
from tools.bench import measure

HEAD = "| what | s, median | s, least | CPU s |\n|---|---:|---:|---:|"
ROOT = """project: large
files: [{ path: all.yaml }]
environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }
"""


def report(*, quick: bool = False) -> list[str]:
    """Return one row for each command: `--help`, `plan --help`, `validate` and `lint` of the example and
    of a large manifest.
    """
    runs = 2 if quick else 7
    with tempfile.TemporaryDirectory() as folder:
        large(Path(folder))
        return [
            row("`--help`", ("--help",), runs),
            row("`plan --help`", ("plan", "--help"), runs),
            row("`validate` of the example", ("validate", "-f", "manifests"), runs),
            row(
                "`validate` of 200 applications with 30 roles each",
                ("validate", "-f", folder),
                1 if quick else 3,
            ),
            row("`lint` of the example", ("lint", "-f", "manifests"), runs),
            row(
                "`lint` of 200 applications with 30 roles each",
                ("lint", "-f", folder, "--min-severity", "E"),
                1 if quick else 3,
            ),
            *planned(Path(folder), runs),
            tested(Path(folder), runs),
            row(
                "azure-identity, imported: what a real tenant's sign-in adds",
                ("-c", "import azure.identity"),
                runs,
                program=(),
            ),
        ]


def planned(folder: Path, runs: int) -> list[str]:
    """Return the rows of a plan that finds nothing to do, signed in by the emulator's own credential and by
    azure-identity.
    """
    with measure.Emulator(folder / "emulator") as emulator:
        words = ("-f", "manifests", "-e", "dev", "--cloud", "emulator")
        environ = {"ENTRA_CONFIG_EMULATOR_STATE": str(emulator.state)}
        row("", ("apply", *words, "--auto-approve", "--pins", "skip", "--quiet"), 1, environ=environ)
        there = emulator_running.find_endpoint(emulator.state)
        client = {
            "AZURE_TENANT_ID": there.tenant_id,
            "AZURE_CLIENT_ID": there.client_id,
            "AZURE_CLIENT_SECRET": there.client_secret,
            "REQUESTS_CA_BUNDLE": str(there.ca),
        }
        name, plan = "`plan` of the example, no changes", ("plan", *words)
        return [
            row(name, plan, runs, environ=environ),
            row(
                f"{name}, signed in by azure-identity",
                plan,
                runs,
                program=("-m", "tools.bench.azure_sign_in"),
                environ=environ | client,
            ),
        ]


def tested(folder: Path, runs: int) -> str:
    """Return the row of 100 access tests of the example, each in both environments: every other one is
    refused.
    """
    example = folder / "tested"
    shutil.copytree("manifests", example, ignore=shutil.ignore_patterns("tests"))
    (example / "tests").mkdir()
    (example / "tests/hundred.yaml").write_text(
        "tests:\n" + "".join(map(access_test, range(100))), encoding="utf-8"
    )
    return row("`test` of 100 access tests, in two environments", ("test", "-f", str(example)), runs)


def access_test(number: int) -> str:
    """Return one access test: somebody of the staff reads, or somebody else is kept out."""
    kept_out = number % 2 == 0
    who = "{ memberOf: [] }" if kept_out else "{ memberOf: [All Staff] }"
    expect = (
        "{ refused: AADSTS50105 }"
        if kept_out
        else "{ token: { roles: [Reader], scp: [user.read, user.write] } }"
    )
    return f"- {{ it: holds {number}, as: {who}, client: spa, asks: [api/user.read], expect: {expect} }}\n"


def large(folder: Path) -> None:
    """Write a manifest of 6,000 roles."""
    roles = ", ".join(f"R{n}: {{ description: x, allowedMemberTypes: [User] }}" for n in range(30))
    entries = "".join(
        f"  a{n}: {{ type: api, displayName: A{n}, appRoles: {{ {roles} }} }}\n" for n in range(200)
    )
    (folder / "entra-config.yaml").write_text(ROOT, encoding="utf-8")
    (folder / "all.yaml").write_text(f"applications:\n{entries}", encoding="utf-8")


def row(
    name: str,
    arguments: tuple[str, ...],
    runs: int,
    *,
    program: tuple[str, ...] = ("-m", "entra_config.cli.main"),
    environ: Mapping[str, str] | None = None,
) -> str:
    """Time a command as a whole process, several times."""
    import resource

    seconds, used = [], []
    for _ in range(runs):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(
            [sys.executable, *program, *arguments],
            check=True,
            capture_output=True,
            env={**measure.compiled(), **(environ or {})},
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(time.perf_counter() - start)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return (
        f"| {name} | {statistics.median(seconds):.2f} | {min(seconds):.2f} | {statistics.median(used):.2f} |"
    )
