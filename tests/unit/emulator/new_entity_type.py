"""Requests to a collection of administrative units, for an emulator that has this entity type."""

import json
from typing import Any

from entra_emulator.clock import ManualClock
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.snapshots.tenants import directory
from tests.unit.emulator.graph.sending import ADVANCED, World, records, short

PATH = "/directory/administrativeUnits"


def body(response: CollectionResponse) -> dict[str, Any]:
    """Return the body of a response that is none of an error."""
    assert response.status < 400, short(response)
    return response.body or {}


def answers() -> dict[str, Any]:
    """Return what the collection answers, by request."""
    world = World()
    writer = world.as_app("AdministrativeUnit.ReadWrite.All")
    reader = world.as_app("AdministrativeUnit.Read.All")
    other = world.as_app("User.Read.All")
    link = body(world.get(f"{PATH}/delta?$deltatoken=latest", caller=reader))["@odata.deltaLink"]
    delta = f"{PATH}/delta?{link.partition('?')[2]}"
    made = world.send("POST", PATH, {"displayName": "Berlin", "visibility": "Public"}, caller=writer)
    created = body(made)
    one = f"{PATH}/{created['id']}"
    world.send("POST", PATH, {"displayName": "Paris"}, caller=writer)
    found: dict[str, Any] = {
        "create": [made.status, created["displayName"], created["visibility"], created["description"]],
        "context": created["@odata.context"].partition("#")[2],
        "create without a name": world.short("POST", PATH, {"description": "x"}, caller=writer),
        "create with a wrong value": world.short(
            "POST", PATH, {"displayName": "x", "visibility": "Some"}, caller=writer
        ),
        "create with an id": world.short("POST", PATH, {"displayName": "x", "id": "1"}, caller=writer),
        "create as a reader": world.short("POST", PATH, {"displayName": "x"}, caller=reader),
        "list as another": world.short("GET", PATH, caller=other),
        "list": sorted(row["displayName"] for row in body(world.get(PATH, caller=reader))["value"]),
        "get": list(body(world.get(one, caller=reader))),
        "get a property": body(world.get(f"{one}/displayName", caller=reader))["value"],
        "get nothing": world.short("GET", f"{PATH}/{'0' * 8}", caller=reader)[:3],
        "update": world.short("PATCH", one, {"description": "North"}, caller=writer),
        "update as a reader": world.short("PATCH", one, {"description": "South"}, caller=reader),
        "update without a name": world.short("PATCH", one, {"displayName": None}, caller=writer),
        "filter": [
            row["description"]
            for row in body(world.get(f"{PATH}?$filter=displayName eq 'berlin'", caller=reader))["value"]
        ],
        "filter by another": world.short("GET", f"{PATH}?$filter=description eq 'North'", caller=reader)[:3],
        "select": [
            sorted(name for name in row if "@" not in name)
            for row in body(world.get(f"{PATH}?$select=displayName", caller=reader))["value"]
        ],
        "count": world.get(f"{PATH}/$count", caller=reader, headers=ADVANCED).text,
        "delta": sorted(row["displayName"] for row in body(world.get(delta, caller=reader))["value"]),
    }
    saved = directory(json.loads(json.dumps(world.directory.dump())), ManualClock())
    found["snapshot"] = sorted(row["displayName"] for row in saved.default.tables["administrativeUnits"])
    found["delete as a reader"] = world.short("DELETE", one, caller=reader)
    found["delete"] = world.short("DELETE", one, caller=writer)
    found["delta of the deletion"] = [
        row["displayName"] for row in body(world.get(delta, caller=reader))["value"]
    ]
    found["audit"] = [
        [activity, operation, category, *(sorted(target[-1]) for target in targets)]
        for activity, operation, category, _, targets in records(world)
    ]
    return found


if __name__ == "__main__":
    print(json.dumps(answers()))
