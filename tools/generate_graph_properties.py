"""A JSON rendering of Graph's published schema in, the table of writable properties of `properties:` out.

python tools/generate_graph_properties.py PATH/TO/graph-schema.json >
entra_config/manifest/data/graph_properties.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ENTITIES = ("application", "servicePrincipal")

# What the documentation of v1.0 and the SDK's models have, and this copy of the schema has not yet.
LATER = {
    # applications-authenticationbehaviors; the global cloud only.
    "authenticationBehaviors": {
        "coopEnforcement": {"type": "Edm.Boolean", "collection": False, "nullable": True}
    },
}

# Marked read-only by Graph's documentation, or only to be changed through actions of their own.
READ_ONLY = {
    "application": {
        "appId": "given by Entra",
        "applicationTemplateId": "set by the gallery",
        "certification": "given by Microsoft",
        "createdByAppId": "given by Entra",
        "createdDateTime": "given by Entra",
        "deletedDateTime": "given by Entra",
        "disabledByMicrosoftStatus": "given by Microsoft",
        "info.logoUrl": "comes from the uploaded logo",
        "logo": "a picture, uploaded by a call of its own",
        "passwordCredentials": "secrets are made by Entra and never written in a manifest",
        "publisherDomain": "given by Entra",
        "uniqueName": "set by this tool as a guard against doubles",
        "verifiedPublisher": "set by actions of its own",
    },
    "servicePrincipal": {
        "appDescription": "copied from the application",
        "appDisplayName": "copied from the application",
        "appId": "given by Entra",
        "appOwnerOrganizationId": "given by Entra",
        "appRoles": "copied from the application",
        "applicationTemplateId": "set by the gallery",
        "createdByAppId": "given by Entra",
        "createdDateTime": "given by Entra",
        "customSecurityAttributes": "needs permissions of its own, which this tool does not ask for",
        "deletedDateTime": "given by Entra",
        "disabledByMicrosoftStatus": "given by Microsoft",
        "displayName": "copied from the application",
        "homepage": "copied from the application",
        "info": "copied from the application",
        "keyCredentials": "belong to the application: `certificates`",
        "logoutUrl": "copied from the application",
        "oauth2PermissionScopes": "copied from the application",
        "passwordCredentials": "secrets are made by Entra and never written in a manifest",
        "replyUrls": "copied from the application",
        "resourceSpecificApplicationPermissions": "copied from the application",
        "servicePrincipalNames": "copied from the application",
        "servicePrincipalType": "given by Entra",
        "signInAudience": "copied from the application",
        "verifiedPublisher": "copied from the application",
    },
}

# An application that is created anew has the same, or one of its own: nothing is lost with these.
FOLLOWS = frozenset(
    {
        "a picture, uploaded by a call of its own",
        "comes from the uploaded logo",
        "copied from the application",
        "given by Entra",
        "set by this tool as a guard against doubles",
    }
)


def main() -> None:
    """Print the table."""
    schema = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    types = schema["types"]
    for name, properties in LATER.items():
        if already := properties.keys() & types[name]["properties"].keys():
            raise SystemExit(
                f"{name}: the schema has {', '.join(sorted(already))} now; LATER needs it no more"
            )
        types[name]["properties"].update(properties)
    later = [f"{name}.{key}" for name, properties in LATER.items() for key in properties]
    table: dict[str, Any] = {"source": f"{schema['source']}; from the documentation: {', '.join(later)}"}
    for entity in ENTITIES:
        table[entity] = dict(sorted(_leaves(types, entity, "", READ_ONLY[entity])))
    print(json.dumps(table, indent=1))


def _leaves(
    types: dict[str, Any], name: str, prefix: str, read_only: dict[str, str]
) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for key, described in _properties(types, name).items():
        path = f"{prefix}{key}"
        reason = read_only.get(path)
        declared = types.get(described["type"], {})
        if reason:
            found.append((path, {"readOnly": reason, **({"follows": True} if reason in FOLLOWS else {})}))
        elif "properties" in declared and not described["collection"]:
            if described["nullable"]:
                found.append((path, {"type": "object", "nullable": True}))
            found += _leaves(types, described["type"], f"{path}.", read_only)
        else:
            found.append((path, _shape(types, described)))
    return found


def _properties(types: dict[str, Any], name: str) -> dict[str, Any]:
    declared = types[name]
    inherited = _properties(types, declared["base"]) if declared.get("base") in types else {}
    return {
        **inherited,
        **{k: v for k, v in declared["properties"].items() if k != "id" or declared["kind"] == "complex"},
    }


def _shape(types: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    declared = types.get(described["type"], {})
    if "enum" in declared:
        shape: dict[str, Any] = {
            "type": "enum",
            "values": [v for v in declared["enum"] if v != "unknownFutureValue"],
        }
    elif "properties" in declared:
        inner = {key: _shape(types, value) for key, value in _properties(types, described["type"]).items()}
        shape = {"type": "object", "properties": inner}
    else:
        shape = {"type": described["type"].removeprefix("Edm.")}
    if described["collection"]:
        shape["collection"] = True
    if described["nullable"]:
        shape["nullable"] = True
    return shape


if __name__ == "__main__":
    main()
