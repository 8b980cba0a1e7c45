"""A group's life as Terraform leads it, and what it looks up: functions that send the provider's requests."""

import uuid
from typing import Any

from tests.conformance.graph.terraform import Terraform

GROUP = "/beta/groups"
OF_GROUP = f"{GROUP}/{{id}}"


def plan_group(tf: Terraform, object_id: str) -> dict[str, Any]:
    """Read a group as each plan does."""
    group = tf.call(200, "GET", OF_GROUP, object_id)
    lists = {
        name: tf.call(200, "GET", f"{OF_GROUP}/{name}", object_id)["value"]
        for name in ("memberOf", "members", "owners")
    }
    return {**group, **{name: [item["id"] for item in items] for name, items in lists.items()}}


def lead_groups(tf: Terraform) -> None:
    """Lead a security group and a Microsoft 365 group, renamed by hand and repaired, found by what they
    are.
    """
    bound = [f"https://graph.microsoft.com/v1.0/directoryObjects/{tf.me}"]
    kind = {"@odata.type": "#microsoft.graph.group", "owners@odata.bind": bound, "isAssignableToRole": None}
    plain = tf.write(
        201,
        9,
        displayName="tf-group",
        mailEnabled=False,
        mailNickname="tfgroup",
        securityEnabled=True,
        **kind,
    )
    mail = {
        "mailEnabled": True,
        "mailNickname": "tfteam",
        "securityEnabled": False,
        "groupTypes": ["Unified"],
    }
    team = tf.write(201, 8, displayName="tf-team", **mail, **kind)
    for made, name in ((plain, "tf-group"), (team, "tf-team")):
        for temporary in (f"TERRAFORM_UPDATE_{uuid.uuid4()}", name):
            tf.write(204, 13, made["id"], displayName=temporary)
        read = plan_group(tf, made["id"])
        assert (read["displayName"], read["members"], read["owners"]) == (name, [], [tf.me])
    select = (
        "$select=allowExternalSenders,autoSubscribeNewMembers,hideFromAddressLists,hideFromOutlookClients"
    )
    tf.call(200, "GET", OF_GROUP, team["id"], query=select)
    alice = tf.graph.get("/users/alice@contoso.com").json()["id"]
    link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{alice}"}
    assert tf.graph.post(f"/groups/{plain['id']}/members/$ref", link).status_code == 204
    assert tf.graph.patch(f"/groups/{plain['id']}", {"displayName": "by hand"}).status_code == 204
    drifted = plan_group(tf, plain["id"])
    assert (drifted["displayName"], drifted["members"]) == ("by hand", [alice])
    tf.write(204, 13, plain["id"], displayName="tf-group")
    assert plan_group(tf, plain["id"])["displayName"] == "tf-group"
    for query, found in (
        ("$filter=mailEnabled eq true and securityEnabled eq false", [team["id"]]),
        ("$filter=mailEnabled eq false and securityEnabled eq true", [plain["id"]]),
        ("$filter=securityEnabled eq true", [plain["id"]]),
    ):
        ids = {group["id"] for group in tf.call(200, "GET", GROUP, query=query)["value"]}
        assert ids & {plain["id"], team["id"]} == set(found)
    assert {plain["id"], team["id"]} <= {group["id"] for group in tf.call(200, "GET", GROUP)["value"]}
    for made in (plain, team):
        tf.call(204, "DELETE", OF_GROUP, made["id"])
        tf.call(404, "GET", OF_GROUP, made["id"])


def look_up(tf: Terraform) -> None:
    """Read the tenant's domains, and any object by its id alone."""
    default = [
        domain["id"] for domain in tf.call(200, "GET", "/v1.0/domains")["value"] if domain["isDefault"]
    ]
    assert default == ["contoso.com"]
    alice = tf.graph.get("/users/alice@contoso.com").json()["id"]
    for object_id, kind in ((alice, "user"), (tf.me, "servicePrincipal")):
        assert (
            tf.call(200, "GET", "/v1.0/directoryObjects/{id}", object_id)["@odata.type"]
            == f"#microsoft.graph.{kind}"
        )
