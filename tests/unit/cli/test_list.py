"""What this tool manages in a tenant, by owner, in a terminal's words and as JSON."""

from __future__ import annotations

import json
import re

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run


def test_list_shows_applications_by_owner(run: Run, tenant: Embedded) -> None:
    """All owners of the tenant, or one of them; an application without a key has its place too."""
    assert run("list").out == "Nothing in this tenant has ownership tags of this tool.\n"
    run("apply", "-e", "dev", "--auto-approve")
    run("apply", "-e", "prod", "--auto-approve")
    everything = json.loads(run("list", "--format", "json").out)["applications"]
    one = json.loads(run("list", "--format", "json", "--owner", "myapp/prod").out)["applications"]

    assert [(each["owner"], each["key"]) for each in everything][:2] == [
        ("myapp/dev", "api"),
        ("myapp/dev", "devClient"),
    ]
    assert {each["owner"] for each in one} == {"myapp/prod"}
    seed.add_application(tenant.directory.default, "Lost", tags=["entra-config:owner=myapp/dev"])
    shown = run("list").out
    assert "myapp/dev  6 applications" in shown
    assert re.search(r"^  \(no key\) +[0-9a-f-]{36}  Lost$", shown, re.MULTILINE)
    assert (
        run("list", "--owner", "shop/dev").out
        == "Nothing in this tenant has the ownership tags of shop/dev.\n"
    )
