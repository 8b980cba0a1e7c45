"""A user's life as Terraform leads it, and how it finds users: functions that send the provider's
requests.
"""

from typing import Any

from tests.conformance.graph.terraform import Terraform, destroy

USER = "/v1.0/users"
OF_USER = f"{USER}/{{id}}"
FOUND = (
    "accountEnabled,displayName,employeeId,id,mail,mailNickname,onPremisesImmutableId,onPremisesSamAccountName,"
    "onPremisesUserPrincipalName,usageLocation,userPrincipalName"
)
RESOURCE = (
    "accountEnabled,ageGroup,city,companyName,consentProvidedForMinor,country,department,employeeHireDate,employeeId,"
    "employeeOrgData,employeeType,faxNumber,mobilePhone,officeLocation,otherMails,postalCode,state,streetAddress,usageLocation"
)
DATA = (
    "accountEnabled,ageGroup,businessPhones,city,companyName,consentProvidedForMinor,country,creationType,department,"
    "displayName,employeeHireDate,employeeId,employeeOrgData,employeeType,mail,mailNickname,mobilePhone,userPrincipalName"
)
PERSON = {
    "@odata.type": "#microsoft.graph.user",
    "accountEnabled": True,
    "department": "Sales",
    "displayName": "Tess O'Terra",
    "employeeId": "E-1",
    "employeeOrgData.costCenter": "c",
    "givenName": "Tess",
    "mailNickname": "tess.o'terra",
    "surname": "O'Terra",
    "usageLocation": "DE",
    "userPrincipalName": "tess.o'terra@contoso.com",
}
SECRET = {
    "passwordProfile.password": "Correct-horse-7-battery",
    "passwordProfile.forceChangePasswordNextSignIn": False,
}


def plan_user(tf: Terraform, object_id: str, manager: str = "") -> dict[str, Any]:
    """Read a user as each plan does, the manager as well: 404 without one."""
    user = tf.call(200, "GET", OF_USER, object_id)
    more = tf.call(200, "GET", OF_USER, object_id, query=f"$select={RESOURCE}")
    shown = tf.call(200, "GET", "/beta/users/{id}", object_id, query="$select=showInAddressList")
    found = tf.call(200 if manager else 404, "GET", f"{OF_USER}/manager", object_id)
    assert found.get("id", "") == manager
    return {**user, **more, "beta": shown["showInAddressList"]}


def lead_users(tf: Terraform) -> None:
    """Lead a user with all properties and a manager, moved by hand and repaired, found by each of its
    names.
    """
    boss = tf.graph.get("/users/grace@contoso.com").json()["id"]
    made = tf.write(201, 75, **PERSON, **SECRET)
    user_id = made["id"]
    tf.write(204, 19, user_id, showInAddressList=None)
    read = plan_user(tf, user_id)
    assert (read["displayName"], read["employeeId"], read["department"]) == ("Tess O'Terra", "E-1", "Sales")
    assert read["employeeOrgData"]["costCenter"] == "c"
    tf.write(204, 87, user_id, **{"@odata.id": f"https://graph.microsoft.com/v1.0/users/{boss}"})
    assert tf.graph.patch(f"/users/{user_id}", {"department": "By hand"}).status_code == 204
    assert plan_user(tf, user_id, boss)["department"] == "By hand"
    tf.write(204, 84, user_id, **PERSON, showInAddressList=None)
    assert plan_user(tf, user_id, boss)["department"] == "Sales"
    tf.write(204, 82, user_id, **PERSON, **SECRET)
    tf.call(204, "DELETE", f"{OF_USER}/manager/$ref", user_id)
    plan_user(tf, user_id)
    phones = {"businessPhones": ["+49 1"], "otherMails": ["tess@home.example"], "mail": "tina@contoso.com"}
    full = {
        **PERSON,
        **phones,
        "userPrincipalName": "tina@contoso.com",
        "mailNickname": "tina",
        "employeeId": "E-2",
    }
    other = tf.write(
        201, 76, **full, **SECRET, employeeHireDate="2026-01-01T00:00:00Z", onPremisesImmutableId="i"
    )
    tf.write(204, 83, other["id"], **full, employeeHireDate="2026-02-01T00:00:00Z", onPremisesImmutableId="i")
    look_users_up(tf, user_id, other["id"])
    for each in (user_id, other["id"]):
        destroy(tf, OF_USER, each)
    tf.call(404, "GET", OF_USER, user_id, query=f"$select={FOUND}")


def look_users_up(tf: Terraform, quoted: str, plain: str) -> None:
    """Find two users as the data sources do, by whatever is known of them."""
    for name, value in (
        ("userPrincipalName", "tina@contoso.com"),
        ("mail", "tina@contoso.com"),
        ("mailNickname", "tina"),
        ("employeeId", "E-2"),
    ):
        for query in (f"$filter={name} eq '…'", f"$filter={name} eq '…'&$select={FOUND}"):
            found = tf.call(200, "GET", USER, query=query, values=(value,))["value"]
            assert [user["id"] for user in found] == [plain], query
    for name, value in (
        ("userPrincipalName", PERSON["userPrincipalName"]),
        ("mailNickname", PERSON["mailNickname"]),
    ):
        query = f"$filter={name} eq '…''…'&$select={FOUND}"
        first, second = str(value).split("'")
        assert [
            user["id"] for user in tf.call(200, "GET", USER, query=query, values=(first, second))["value"]
        ] == [quoted]
    query, halves = "$filter=userPrincipalName eq '…''…'", tuple(str(PERSON["userPrincipalName"]).split("'"))
    assert [user["id"] for user in tf.call(200, "GET", USER, query=query, values=halves)["value"]] == [quoted]
    listed = tf.call(200, "GET", USER, query=f"$select={FOUND}")["value"]
    assert {quoted, plain} <= {user["id"] for user in listed}
    assert set(FOUND.split(",")) == {name for user in listed for name in user if not name.startswith("@")}
    assert tf.call(200, "GET", OF_USER, plain, query=f"$select={DATA}")["employeeId"] == "E-2"
    assert tf.call(200, "GET", OF_USER, plain, query=f"$select={FOUND}")["mailNickname"] == "tina"
