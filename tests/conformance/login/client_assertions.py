"""The daemon presents a client assertion; two keys to sign one with."""

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.conformance.login.login_outcomes import Outcome
from tests.conformance.login.login_world import World

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def present(world: World, assertion: str) -> Outcome:
    """Present an assertion."""
    return world.app_only(
        "daemon", "api://api/.default", client_assertion_type=JWT_BEARER, client_assertion=assertion
    )
