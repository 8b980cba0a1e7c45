"""Write the names of Graph's published schema, by which the emulator knows paths that it does not serve.

git -C CLONE show COMMIT:schemas/v1.0-Prod.csdl | python tools/generate_schema_names.py COMMIT DATE \
> entra_emulator/data/schema_names.json

CLONE is a clone of https://github.com/microsoftgraph/msgraph-metadata. The list has the entity sets and
singletons, and of each entity type its base, its relationships, its properties and its actions and
functions. A type name ends in `*` where it is a collection.
"""

from __future__ import annotations

import hashlib
import json
import sys
import xml.etree.ElementTree as ET
from typing import Any

_EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
_GRAPH = "microsoft.graph."


def read_names(csdl: bytes) -> dict[str, Any]:
    """Return the names of a schema document."""
    # The document is Microsoft's, and its hash is written beside what was read.
    root = ET.fromstring(csdl)
    schemas = list(root.iter(f"{_EDM}Schema"))
    aliases = {each.get("Alias"): each.get("Namespace") for each in schemas if each.get("Alias")}

    def name_of(declared: str) -> str:
        many = declared.startswith("Collection(")
        namespace, _, name = declared.removeprefix("Collection(").removesuffix(")").rpartition(".")
        full = f"{aliases.get(namespace, namespace)}.{name}".removeprefix(_GRAPH)
        return f"{full}*" if many else full

    roots: dict[str, str] = {}
    types: dict[str, dict[str, Any]] = {}
    operations: dict[str, dict[str, str]] = {}
    for each in root.iter(f"{_EDM}EntitySet"):
        roots[each.attrib["Name"]] = f"{name_of(each.attrib['EntityType'])}*"
    for each in root.iter(f"{_EDM}Singleton"):
        roots[each.attrib["Name"]] = name_of(each.attrib["Type"])
    for schema in schemas:
        for each in schema.iter(f"{_EDM}EntityType"):
            name = name_of(f"{schema.attrib['Namespace']}.{each.attrib['Name']}")
            types[name] = {
                "base": name_of(each.attrib["BaseType"]) if "BaseType" in each.attrib else "",
                "relationships": {
                    row.attrib["Name"]: name_of(row.attrib["Type"])
                    for row in each.iter(f"{_EDM}NavigationProperty")
                },
                "properties": " ".join(row.attrib["Name"] for row in each.iter(f"{_EDM}Property")),
            }
    for kind in ("Action", "Function"):
        for each in root.iter(f"{_EDM}{kind}"):
            bound = each.find(f"{_EDM}Parameter")
            if each.get("IsBound") != "true" or bound is None:
                continue
            returned = each.find(f"{_EDM}ReturnType")
            type_ = name_of(returned.attrib["Type"]) if returned is not None else ""
            to = type_ if type_.removesuffix("*") in types else ""
            operations.setdefault(name_of(bound.attrib["Type"]), {})[each.attrib["Name"]] = to
    known = {name: each for name, each in operations.items() if name.removesuffix("*") in types}
    return {"roots": roots, "types": types, "operations": known}


def main() -> int:
    """Read a schema document from standard input and print its names."""
    commit, date = sys.argv[1:]
    csdl = sys.stdin.buffer.read()
    header = {
        "source": "microsoftgraph/msgraph-metadata schemas/v1.0-Prod.csdl",
        "commit": commit,
        "date": date,
        "sha256": hashlib.sha256(csdl).hexdigest(),
    }
    json.dump({**header, **read_names(csdl)}, sys.stdout, separators=(",", ":"), sort_keys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
