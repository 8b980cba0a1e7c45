"""The example's registrations, the table of fields and by_hand.yaml in; what each line of the manifest is in
Graph, in the portal and for `az`, as a page, out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from entra_config.manifest.fields.application import APPLICATION
from entra_config.manifest.fields.enterprise import ENTERPRISE

ROOT = Path(__file__).parents[2]
FIELDS = {field.key: field for field in APPLICATION}
REST = "az rest --method PATCH --url \"https://graph.microsoft.com/v1.0/applications(appId='$APP')\" --body"

_SAID = yaml.safe_load(Path(__file__).with_name("by_hand.yaml").read_text(encoding="utf-8"))
# Of each key of an application: the way through the portal, and what `az` is told.
WAYS: Mapping[str, Sequence[str]] = _SAID["ways"]
# What no line of the manifest says, because the type brings it.
BROUGHT: Mapping[str, Sequence[str]] = _SAID["brought"]


def text() -> str:
    """Return the page."""
    return "\n".join([_SAID["head"], *_sections(), _SAID["tail"]])


def applications() -> dict[str, dict[str, Any]]:
    """Return the example's applications as their files have them."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((ROOT / "manifests/applications").glob("*.yaml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))["applications"]
    return found


def _sections() -> Iterator[str]:
    for key, application in applications().items():
        yield f"## `{key}`\n\n| line | Graph | portal | az |\n|---|---|---|---|"
        yield from (_row(name, value) for name, value in application.items())
        brought = (
            ("accessTokenVersion", "signInAudience") if application["type"] == "api" else ("signInAudience",)
        )
        for name in brought:
            default = FIELDS[name].defaults
            value = default.get(application["type"], default.get("*"))
            yield _cells(f"(no line: `{name}: {value}` comes with the type)", name, *BROUGHT[name])
        yield ""


def _row(key: str, value: Any) -> str:
    shown = yaml.safe_dump({key: value}, default_flow_style=True, width=10_000, sort_keys=False).strip()[1:-1]
    return _cells(f"`{shown if len(shown) < 160 else shown[:150] + ' …'}`", key, *WAYS[key])


def _cells(line: str, key: str, portal: str, az: str) -> str:
    field = FIELDS[key]
    assert key != "enterpriseApplication" or "assignmentRequired" in {each.key for each in ENTERPRISE}
    graph = {
        "enterpriseApplication": "`appRoleAssignmentRequired` of the service principal",
        "redirectUris": "`spa`, `web` or `publicClient` `.redirectUris`",
    }
    named = graph.get(key) or (f"`{field.graph}`" if field.graph else "nothing")
    cells = (line, named, portal, az.replace("${REST}", REST))
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"
