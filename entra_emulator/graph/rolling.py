"""Keys that an application rolls by itself: a proof that it holds a present one in, a key added or removed
out.
"""

from datetime import datetime
from typing import Any

from entra_emulator.clock import read_stamp
from entra_emulator.graph import audit, authorization, bodies, lookup, permissions, restrictions, schema
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities.application import APPLICATION
from entra_emulator.graph.errors import ODataError, bad_request, missing_value
from entra_emulator.graph.passwords import new_password
from entra_emulator.graph.properties import Entity
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.graph.saving import save_application
from entra_emulator.table import Row

# What the proof is for, by the documentation of addKey.
_AUDIENCE = "00000002-0000-0000-c000-000000000000"
_LONGEST = 600
_PAIRS = {"AsymmetricX509Cert": "Verify", "X509CertAndPassword": "Sign"}


def add(call: Call) -> CollectionResponse:
    """Answer POST …/addKey."""
    entity, old = _proven(call)
    sent = _body(call, "keyCredential")
    key = schema.complete(
        "keyCredential", schema.check("keyCredential", schema.spelled("keyCredential", sent))
    )
    if _PAIRS.get(key["type"]) != key["usage"]:
        raise bad_request(
            "Key credential type and usage do not fit together.", "KeyCredentialsInvalidTypeOrUsage"
        )
    password = call.parameters("keyCredential", "passwordCredential", "proof").get("passwordCredential")
    if (key["usage"] == "Sign") != (password is not None):
        raise missing_value("passwordCredential", "KeyCredential")
    made = bodies.certificates(call, old, [key])[0]
    new = {**old, "keyCredentials": [made, *old["keyCredentials"]]}
    restrictions.check_keys(call, entity.table, old, new)
    if password is not None:
        made_up = new_password(call, entity.table, old, {})
        # No answer has the value, so no client can sign in with it.
        del call.tenant.secrets[made_up["keyId"]]
        secret = {**made_up, "keyId": made["keyId"], "secretText": None}
        new["passwordCredentials"] = [secret, *old["passwordCredentials"]]
    _save(call, entity, old, new)
    return CollectionResponse(
        200, {"@odata.context": call.context("microsoft.graph.keyCredential"), **made, "key": None}
    )


def remove(call: Call) -> CollectionResponse:
    """Answer POST …/removeKey."""
    entity, old = _proven(call)
    key_id = str(call.parameters("keyId", "proof").get("keyId")).lower()
    kept = [key for key in old["keyCredentials"] if key["keyId"] != key_id]
    if len(kept) == len(old["keyCredentials"]):
        raise bad_request("No key credential found with keyId.")
    _save(call, entity, old, {**old, "keyCredentials": kept})
    return NO_CONTENT


def _proven(call: Call) -> tuple[Entity, Row]:
    """Return the object whose present key signed the request's proof, and its type; an application needs no
    permission to change itself.
    """
    entity, row = lookup.holder(call)
    row = lookup.current(call, entity.table, row)
    if call.caller.kind != "app" or call.caller.appid != row["appId"]:
        authorization.check(call, permissions.APPLICATION_WRITE)
        authorization.require_ownership(call, row["id"])
    proof = call.parameters("keyCredential", "passwordCredential", "keyId", "proof").get("proof")
    if not any(_signed(proof, key, row["id"], call.now) for key in row["keyCredentials"]):
        # The documentation says what a proof is, not how a wrong one is refused.
        raise ODataError(401, "Authentication_MissingOrMalformed", "Access Token missing or malformed.")
    return entity, row


def _signed(proof: Any, key: Row, issuer: str, now: datetime) -> bool:
    import jwt
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    moment = now.timestamp()
    try:
        public = bodies.certificate_of(bodies.key_bytes(key["key"])).public_key()
        if not isinstance(public, RSAPublicKey):
            return False
        options: Any = {
            "require": ["aud", "iss", "nbf", "exp"],
            "verify_exp": False,
            "verify_nbf": False,
            "verify_iat": False,
        }
        claims = jwt.decode(
            proof, public, algorithms=["RS256"], audience=_AUDIENCE, issuer=issuer, options=options
        )
        start, end = float(claims["nbf"]), float(claims["exp"])
    except (ValueError, TypeError, jwt.PyJWTError):
        return False
    valid = read_stamp(key["startDateTime"]) <= now < read_stamp(key["endDateTime"])
    return valid and start <= moment < end and end - start <= _LONGEST


def _body(call: Call, name: str) -> dict[str, Any]:
    value = call.parameters("keyCredential", "passwordCredential", "proof").get(name)
    if not isinstance(value, dict) or not value.get("key"):
        raise missing_value(name, "KeyCredential")
    return value


def _save(call: Call, entity: Entity, old: Row, new: Row) -> None:
    if entity is APPLICATION:
        save_application(call, old, new)
        return
    call.put(entity.table, new)
    audit.record(call, entity, "Update", new, audit.changes(old, new, audit.KEYS))


ROUTES: Routes = {
    ("POST", f"{table}/*/{action}"): Route(handler, permissions.ANYBODY)
    for table in ("applications", "servicePrincipals")
    for action, handler in (("addKey", add), ("removeKey", remove))
}
