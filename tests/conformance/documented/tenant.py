"""A tenant with one object of each kind that the documented requests are about, and the paths that lead to
it.
"""

import base64
import datetime as dt
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from tests.conformance.graph_client import BASE, Graph, role, scope

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
DIRECTORY = "00000002-0000-0000-c000-000000000000"


def encoded(data: bytes) -> str:
    """Write bytes as tokens do."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Key:
    """A key pair with its certificate."""

    private: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls) -> "Key":
        """Make a key pair and sign a certificate of it with itself."""
        private = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "entra-config")])
        builder = x509.CertificateBuilder(
            name, name, private.public_key(), 1, NOW, NOW + dt.timedelta(days=3650)
        )
        return cls(private, builder.sign(private, hashes.SHA256()))

    def credential(self, usage: str = "Verify") -> dict[str, Any]:
        """Write the certificate as a key credential."""
        key = base64.b64encode(self.certificate.public_bytes(Encoding.DER)).decode()
        kind = "AsymmetricX509Cert" if usage == "Verify" else "X509CertAndPassword"
        return {"type": kind, "usage": usage, "key": key}

    def proof(self, issuer: str, now: dt.datetime, *, seconds: int = 600) -> str:
        """Sign the proof of possession that the documentation describes."""
        thumbprint = encoded(self.certificate.fingerprint(hashes.SHA1()))
        header = {"alg": "RS256", "typ": "JWT", "x5t": thumbprint}
        start = int(now.timestamp())
        claims = {"aud": DIRECTORY, "iss": issuer, "nbf": start, "exp": start + seconds}
        signed = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
        return f"{signed}.{encoded(self.private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


KEY = Key.make()
DEVICE = {
    "accountEnabled": False,
    "alternativeSecurityIds": [{"type": 2, "key": "Y3YxN2E1MWFlYw=="}],
    "deviceId": "4c299165-6e8f-4b45-a5ba-c5d250a707ff",
    "displayName": "A device",
    "operatingSystem": "linux",
    "operatingSystemVersion": "1",
}


@dataclass
class Tenant:
    """Object ids by the names that the suite uses."""

    now: dt.datetime
    ids: dict[str, str] = field(default_factory=dict)

    def new_key(self, usage: str = "Verify") -> dict[str, Any]:
        """Write a credential of a new key."""
        return KEY.credential(usage) if usage == "Verify" else Key.make().credential(usage)

    def proof(self, name: str) -> str:
        """Prove the possession of the key of an object."""
        return KEY.proof(self.ids[name], self.now)


def furnish(graph: Graph, person: Graph, now: dt.datetime) -> Tenant:
    """Make one object of each kind; the person registers the device, as no application may."""
    tenant = Tenant(now)
    ids = tenant.ids
    users = {user["userPrincipalName"]: user["id"] for user in graph.get("/users?$top=999").json()["value"]}
    for name, alias in (("user", "alice"), ("spare", "bob"), ("other", "carol"), ("boss", "grace")):
        ids[name] = users[f"{alias}@contoso.com"]
    _applications(graph, ids)
    _groups(graph, ids)
    _links(graph, ids)
    ids["device"] = person.post("/devices", DEVICE).json()["id"]
    graph.post(
        f"/groups/{ids['group']}/members/$ref", {"@odata.id": f"{BASE}/directoryObjects/{ids['device']}"}
    )
    ids["organization"] = graph.get("/organization").json()["value"][0]["id"]
    ids["policy"] = str(uuid.uuid4())
    for name in ("roleDefinition", "roleAssignment"):
        found = graph.get(f"/roleManagement/directory/{name}s").json()["value"]
        ids[name] = found[0]["id"] if found else str(uuid.uuid4())
    ids["audit"] = graph.get("/auditLogs/directoryAudits?$top=1").json()["value"][0]["id"]
    return tenant


def _applications(graph: Graph, ids: dict[str, str]) -> None:
    app = graph.application(displayName="Web", keyCredentials=[KEY.credential()])
    ids["application"] = app["id"]
    ids["key"] = app["keyCredentials"][0]["keyId"]
    ids["secret"] = graph.post(f"/applications/{app['id']}/addPassword").json()["keyId"]
    roles = [role("Reader", members=("User", "Application")), role("Writer", members=("User", "Application"))]
    scopes = [scope("items.read"), scope("items.write")]
    api = graph.application(displayName="Api", appRoles=roles, api={"oauth2PermissionScopes": scopes})
    ids.update(
        {
            "role": roles[0]["id"],
            "second role": roles[1]["id"],
            "scope": scopes[0]["id"],
            "second scope": scopes[1]["id"],
        }
    )
    ids["api"] = graph.principal(api, keyCredentials=[KEY.credential()])["id"]
    path = f"/servicePrincipals/{ids['api']}"
    ids["key of the api"] = graph.get(f"{path}?$select=keyCredentials").json()["keyCredentials"][0]["keyId"]
    ids["secret of the api"] = graph.post(f"{path}/addPassword").json()["keyId"]
    ids["client"] = graph.principal(app)["id"]
    ids["lonely appId"] = graph.application(displayName="Lonely")["appId"]
    credential = {
        "name": "one",
        "issuer": "https://i.example",
        "subject": "s",
        "audiences": ["api://AzureADTokenExchange"],
    }
    made = graph.post(f"/applications/{app['id']}/federatedIdentityCredentials", credential)
    ids["federated credential"] = made.json()["id"]


def _groups(graph: Graph, ids: dict[str, str]) -> None:
    group, parent = graph.group(displayName="A group"), graph.group(displayName="A parent")
    child = graph.group(displayName="A child")
    unified = graph.group(displayName="Gone", groupTypes=["Unified"], mailEnabled=True)
    ids.update({"group": group["id"], "parent": parent["id"], "deleted": unified["id"]})
    for holder, member in (
        ("parent", ids["group"]),
        ("group", ids["user"]),
        ("group", ids["api"]),
        ("group", child["id"]),
    ):
        graph.post(f"/groups/{ids[holder]}/members/$ref", {"@odata.id": f"{BASE}/directoryObjects/{member}"})
    graph.delete(f"/groups/{unified['id']}")


def _links(graph: Graph, ids: dict[str, str]) -> None:
    for path in (
        f"applications/{ids['application']}",
        f"servicePrincipals/{ids['api']}",
        f"groups/{ids['group']}",
    ):
        graph.post(f"/{path}/owners/$ref", {"@odata.id": f"{BASE}/directoryObjects/{ids['user']}"})
    graph.post(
        f"/groups/{graph.group()['id']}/owners/$ref", {"@odata.id": f"{BASE}/directoryObjects/{ids['api']}"}
    )
    graph.send("PUT", f"/users/{ids['user']}/manager/$ref", {"@odata.id": f"{BASE}/users/{ids['boss']}"})
    for name in ("user", "group", "client"):
        body = {"principalId": ids[name], "resourceId": ids["api"], "appRoleId": ids["role"]}
        ids[f"assignment of {name}"] = graph.post(
            f"/servicePrincipals/{ids['api']}/appRoleAssignedTo", body
        ).json()["id"]
    everybody = {
        "clientId": ids["client"],
        "consentType": "AllPrincipals",
        "resourceId": ids["api"],
        "scope": "items.read",
    }
    ids["grant"] = graph.post("/oauth2PermissionGrants", everybody).json()["id"]
    extension = {"name": "shoeSize", "dataType": "String", "targetObjects": ["User"]}
    made = graph.post(f"/applications/{ids['application']}/extensionProperties", extension)
    ids["extension"] = made.json().get("id", str(uuid.uuid4()))
    courses = {
        "id": "msLearnCourses",
        "targetTypes": ["User"],
        "properties": [{"name": "courseType", "type": "String"}],
    }
    ids["schema extension"] = graph.post("/schemaExtensions", courses).json()["id"]
    graph.patch(f"/users/{ids['user']}", {ids["schema extension"]: {"courseType": "Developer"}})
    graph.post("/policies/permissionGrantPolicies", {"id": "my-custom-consent-policy", "displayName": "Ours"})
    for side in ("includes", "excludes"):
        made = graph.post(
            f"/policies/permissionGrantPolicies/my-custom-consent-policy/{side}",
            {"permissionType": "delegated"},
        )
        ids[side] = made.json()["id"]
    ids["application without policies"] = graph.application()["id"]
    for name, kind, holder in (
        ("claims policy", "ClaimsMapping", f"servicePrincipals/{ids['api']}"),
        ("realm policy", "HomeRealmDiscovery", f"servicePrincipals/{ids['api']}"),
        ("issuance policy", "TokenIssuance", f"applications/{ids['application']}"),
        ("lifetime policy", "TokenLifetime", f"applications/{ids['application']}"),
    ):
        collection = f"{kind[0].lower()}{kind[1:]}Policies"
        for made in (name, f"spare {name}"):
            body = {"displayName": made, "definition": [json.dumps({f"{kind}Policy": {}})]}
            ids[made] = graph.post(f"/policies/{collection}", body).json()["id"]
        given = {"@odata.id": f"{BASE}/policies/{collection}/{ids[name]}"}
        graph.post(f"/{holder}/{collection}/$ref", given)
    named = {"displayName": "app policy", "isEnabled": True, "restrictions": {}}
    ids["app policy"] = graph.post("/policies/appManagementPolicies", named).json()["id"]
    link = {
        "@odata.id": f"https://graph.microsoft.com/v1.0/policies/appManagementPolicies/{ids['app policy']}"
    }
    graph.post(f"/applications/{ids['application']}/appManagementPolicies/$ref", link)
    low = {"permissionId": ids["scope"], "classification": "low"}
    classified = graph.post(f"/servicePrincipals/{ids['api']}/delegatedPermissionClassifications", low)
    ids["classification"] = classified.json().get("id", str(uuid.uuid4()))
