"""`/me`: what a token says of its bearer, in an order that does not change."""

from starlette.testclient import TestClient

from api.tests.issuer import sign, user_claims


def test_scopes_roles_and_groups_come_in_order(client: TestClient) -> None:
    """Two answers to one token are the same, whatever process gives them."""
    words = [f"w{number}" for number in range(9)]
    mixed = words[5:] + words[:5]
    token = sign(user_claims(scp=" ".join(mixed), roles=mixed, groups=mixed))
    seen = client.get("/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert (seen["scopes"], seen["roles"], seen["groups"]) == (words, words, words)
