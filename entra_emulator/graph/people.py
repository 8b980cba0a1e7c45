"""The properties of people, their groups and their devices, as Graph shows them."""

from entra_emulator.table import Row

USER_DEFAULT = (
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
)


def group(row_id: str, created: str) -> Row:
    """Make a security group with Graph's defaults (azure-cli recording of 2022-05-07, answers of 2023-12 to
    2024-10).
    """
    return {
        "id": row_id,
        "deletedDateTime": None,
        "classification": None,
        "createdDateTime": created,
        "creationOptions": [],
        "description": None,
        "displayName": None,
        "expirationDateTime": None,
        "groupTypes": [],
        "isAssignableToRole": None,
        "mail": None,
        "mailEnabled": False,
        "mailNickname": None,
        "membershipRule": None,
        "membershipRuleProcessingState": None,
        "onPremisesDomainName": None,
        "onPremisesLastSyncDateTime": None,
        "onPremisesNetBiosName": None,
        "onPremisesSamAccountName": None,
        "onPremisesSecurityIdentifier": None,
        "onPremisesSyncEnabled": None,
        "preferredDataLocation": None,
        "preferredLanguage": None,
        "proxyAddresses": [],
        "renewedDateTime": created,
        "resourceBehaviorOptions": [],
        "resourceProvisioningOptions": [],
        "securityEnabled": True,
        "securityIdentifier": security_identifier(row_id),
        "theme": None,
        "uniqueName": None,
        "visibility": None,
        "onPremisesProvisioningErrors": [],
        "serviceProvisioningErrors": [],
        "isManagementRestricted": None,
        "writebackConfiguration": {"isEnabled": None, "onPremisesGroupType": None},
    }


def user(row_id: str, principal_name: str, created: str, issuer: str) -> Row:
    """Make a user; reads show the eleven default properties only, and what was never set is not stored."""
    return {
        "id": row_id,
        "businessPhones": [],
        "displayName": None,
        "givenName": None,
        "jobTitle": None,
        "mail": None,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
        "surname": None,
        "userPrincipalName": principal_name,
        "accountEnabled": True,
        "userType": "Member",
        "mailNickname": principal_name.split("@", 1)[0],
        "createdDateTime": created,
        "identities": [
            {"signInType": "userPrincipalName", "issuer": issuer, "issuerAssignedId": principal_name}
        ],
        "securityIdentifier": security_identifier(row_id),
    }


def device(row_id: str, device_id: str, created: str) -> Row:
    """Make a device: one that a person registered, without management."""
    return {
        "id": row_id,
        "deletedDateTime": None,
        "accountEnabled": None,
        "approximateLastSignInDateTime": None,
        "complianceExpirationDateTime": None,
        "deviceCategory": None,
        "deviceId": device_id,
        "deviceMetadata": None,
        "deviceOwnership": None,
        "deviceVersion": None,
        "displayName": None,
        "enrollmentProfileName": None,
        "enrollmentType": None,
        "isCompliant": None,
        "isManaged": None,
        "isManagementRestricted": None,
        "isRooted": None,
        "managementType": None,
        "manufacturer": None,
        "mdmAppId": None,
        "model": None,
        "onPremisesLastSyncDateTime": None,
        "onPremisesSecurityIdentifier": None,
        "onPremisesSyncEnabled": None,
        "operatingSystem": None,
        "operatingSystemVersion": None,
        "physicalIds": [],
        "profileType": "RegisteredDevice",
        "registrationDateTime": created,
        "systemLabels": [],
        "trustType": "Workplace",
        "alternativeSecurityIds": [],
    }


def security_identifier(row_id: str) -> str:
    """Derive the SID of a group or a user from its object id: four little-endian numbers after S-1-12-1."""
    raw = bytes.fromhex(row_id.replace("-", ""))
    swapped = raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]
    numbers = (int.from_bytes(swapped[at : at + 4], "little") for at in range(0, 16, 4))
    return "S-1-12-1-" + "-".join(str(number) for number in numbers)
