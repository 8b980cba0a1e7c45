"""Every kind of write leaves its records in the audit log, and a write that changes nothing leaves none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.documented.callers import PERMISSIONS, SCOPES
from tests.conformance.graph.audit_records import properties, records
from tests.conformance.graph_client import Graph

STEPS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("records.yaml").read_text("utf-8"))
LONGEST = 60


@pytest.mark.fact("the records of each write", source="ACT, UAL21, SPL", grade="D")
def test_records(graph: Graph, as_app: Callable[..., Graph], as_user: Callable[..., Graph]) -> None:
    """The table lists each write with the records that it leaves."""
    person = as_user("grace@contoso.com", *SCOPES)
    app = as_app(*PERMISSIONS, "Device.ReadWrite.All")
    ids = {"alice": graph.get("/users/alice@contoso.com").json()["id"]}
    seen = len(records(app))
    for step in STEPS:
        request = json.loads(_filled(json.dumps([step["send"], step.get("body")]), ids))
        method, path = request[0].split()
        client = person if path == "/devices" or "/registered" in path else app
        response = client.send(method, path, json=request[1])
        assert response.is_success, response.text
        if "as" in step:
            ids[step["as"]] = response.json()["id"]
            ids[f"{step['as']}.appId"] = response.json().get("appId", "")
        found = records(app)
        text = "".join(_described(record) for record in found[seen:])
        seen = len(found)
        for name, value in ids.items():
            text = text.replace(value or "no appId", f"{{{name}}}")
        assert text == step.get("leaves", ""), step["send"]


def _filled(text: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _described(record: dict[str, Any]) -> str:
    app_id = "".join(item["value"] for item in record["additionalDetails"] if item["key"] == "AppId")
    head = f"{record['operationType']}: {record['activityDisplayName'].strip()} ({record['category']})"
    lines = [f"{head}, AppId {app_id}" if app_id else head]
    for number, target in enumerate(record["targetResources"]):
        names = [target[name] for name in ("type", "id", "displayName", "userPrincipalName")]
        lines.append(f"  {' '.join(name for name in names if name)}")
        for name, (old, new) in properties(record, number).items():
            lines.append(f"    {name}: {(old or 'null')[:LONGEST]} > {(new or 'null')[:LONGEST]}")
    return "\n".join(lines) + "\n"
