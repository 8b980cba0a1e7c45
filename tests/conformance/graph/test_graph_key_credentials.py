"""Keys that roll: added and removed with a proof by a key that is there."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conformance.documented.tenant import KEY, Key
from tests.conformance.graph.audit_records import properties, records
from tests.conformance.graph_client import NOBODY, Graph, refused

fact = pytest.mark.fact


def now(graph: Graph) -> datetime:
    """Give the emulator's time."""
    return datetime.fromisoformat(graph.send("GET", "/_emulator/clock").json()["now"])


@fact("addKey and removeKey", source="application-addkey, application-removekey documentation", grade="D")
@pytest.mark.parametrize("collection", ["applications", "servicePrincipals"])
def test_rolling_keys(emulated: Graph, collection: str) -> None:
    """A key is added with a proof by a present one, and removed with a proof by the new one."""
    app = emulated.application(keyCredentials=[KEY.credential()])
    owner = (
        app if collection == "applications" else emulated.principal(app, keyCredentials=[KEY.credential()])
    )
    path = f"/{collection}/{owner['id']}"
    new = Key.make()
    body = {
        "keyCredential": new.credential(),
        "passwordCredential": None,
        "proof": KEY.proof(owner["id"], now(emulated)),
    }
    added = emulated.post(f"{path}/addKey", body)
    assert added.status_code == 200, added.text
    assert (added.json()["usage"], added.json()["key"]) == ("Verify", None)
    old = next(
        key["keyId"]
        for key in emulated.get(path).json()["keyCredentials"]
        if key["keyId"] != added.json()["keyId"]
    )
    gone = emulated.post(f"{path}/removeKey", {"keyId": old, "proof": new.proof(owner["id"], now(emulated))})
    assert gone.status_code == 204, gone.text
    assert [key["keyId"] for key in emulated.get(path).json()["keyCredentials"]] == [added.json()["keyId"]]
    changes = [record for record in records(emulated, owner["id"]) if "KeyDescription" in properties(record)]
    assert [record["operationType"] for record in changes[-2:]] == ["Update", "Update"]
    absent = {"keyId": old, "proof": new.proof(owner["id"], now(emulated))}
    refused(emulated.post(f"{path}/removeKey", absent), 400, "Request_BadRequest", "No key credential found")


@fact(
    "a proof that proves nothing",
    source="application-addkey documentation; the answer was not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize("wrong", ["key", "issuer", "late", "early", "long", "nonsense", "none"])
def test_wrong_proofs(emulated: Graph, wrong: str) -> None:
    """Another key's proof, for another object, out of its time or longer than ten minutes, is refused."""
    app = emulated.application(keyCredentials=[KEY.credential()])
    moment = now(emulated) + {"late": timedelta(hours=-1), "early": timedelta(hours=1)}.get(
        wrong, timedelta()
    )
    proof: Any = KEY.proof(
        NOBODY if wrong == "issuer" else app["id"], moment, seconds=601 if wrong == "long" else 600
    )
    proof = {"key": Key.make().proof(app["id"], moment), "nonsense": "x.y.z", "none": None}.get(wrong, proof)
    body = {"keyCredential": KEY.credential(), "passwordCredential": None, "proof": proof}
    refused(
        emulated.post(f"/applications/{app['id']}/addKey", body), 401, "Authentication_MissingOrMalformed"
    )
