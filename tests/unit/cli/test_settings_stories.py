"""What made generated files lie or fail, told as stories: values that are commands elsewhere, a client
that is not there yet.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.discovery import VALUES, signing_with
from tests.unit.cli.ran import Run
from tests.unit.settings.walk import APP_ID_URI, URL, parsed, spans, walk

SCOPE = "x`touch(canary)|$(>canary)"
PATH = "/a$(touch$IFS'canary')b;c"


def test_story_8_a_value_runs_as_no_command(run: Run, folder: Path) -> None:
    """A scope value and a request path with `$(…)` are text in the blocks of tokens.md, and its tables
    stay whole.
    """
    for name in ("applications/api.yaml", "applications/clients.yaml", "entra-config.yaml"):
        file = folder / "manifests" / name
        text = file.read_text()
        text = re.sub(r"( +user\.read: +\{)", rf"\1 value: '{SCOPE}',", text)
        text = text.replace("{ path: /me,", f'{{ path: "{PATH}",')
        file.write_text(text)
    ran = run("settings")
    assert ran.code == 0, ran.err
    root = folder / "manifests/entra-config.yaml"
    root.write_text(root.read_text().replace(f'"{PATH}"', """'/"; touch canary; "'"""))
    assert "is not a path below `url`" in run("settings").err
    page = (folder / "docs/tokens.md").read_text()
    assert spans(parsed(page)).count(SCOPE) == 4
    walked = walk(page, dict.fromkeys(("DEV_CLIENT_ID", "NIGHTLY_CLIENT_ID"), "id"))
    words = [word for call in walked.calls for word in call]
    assert f"scope={APP_ID_URI}/{SCOPE} {APP_ID_URI}/user.write" in words
    assert f"{URL}{PATH}" in words
    assert walked.left == []


def test_story_15_a_client_that_is_not_in_the_tenant_yet(run: Run, folder: Path, tenant: Embedded) -> None:
    """It is told with its key and the next command; the files stay as they were, and `--check` says the
    same.
    """
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    with signing_with(run, tenant):
        assert run(*VALUES).code == 0
    written = folder / "output/settings/dev"
    before = {path.name: path.read_bytes() for path in written.iterdir()}
    clients = folder / "manifests/applications/clients.yaml"
    clients.write_text(
        clients.read_text()
        + "  ahead:\n    type: daemon\n    displayName: Ahead${suffix}\n"
        + "    apiPermissions:\n      api: { application: [Writer], adminConsent: true }\n"
    )
    for arguments in (VALUES, (*VALUES, "--check")):
        with signing_with(run, tenant):
            ran = run(*arguments)
        assert ran.code == 1
        assert "the tenant has no application ahead yet; run `entra-config apply -e dev`" in ran.err
        assert "bug" not in ran.err
    assert {path.name: path.read_bytes() for path in written.iterdir()} == before


@pytest.mark.parametrize("more", [(), ("--check",)], ids=["written", "checked"])
def test_the_values_of_a_planted_application_are_not_written(
    run: Run, folder: Path, tenant: Embedded, more: tuple[str, ...]
) -> None:
    """A planted `spa` with our marks is refused with its remedy and the files stay; what somebody accepted
    is written.
    """
    values = ("settings", "-e", "prod", "--values", "--output", "out")
    assert run("apply", "-e", "prod", "--auto-approve", "--pins", "write").code == 0
    with signing_with(run, tenant):
        assert run(*values).code == 0
    before = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    directory = tenant.directory.default
    spa = directory.one("applications", "displayName", "MyApp SPA")
    assert spa
    directory.applications.remove(spa["id"])
    planted = seed.add_application(directory, "MyApp SPA", tags=spa["tags"])
    with signing_with(run, tenant):
        refused = run(*values, *more)
    accept = f"entra-config lock -e prod --accept spa={planted['appId']}"
    assert refused.code == 3, refused.err
    assert "spa is doubted: nothing proves that it is ours" in refused.err
    assert accept in refused.err
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir()} == before
    assert run(*accept.split()[1:]).code == 0
    with signing_with(run, tenant):
        assert run(*values, *more).code == (2 if more else 0)
