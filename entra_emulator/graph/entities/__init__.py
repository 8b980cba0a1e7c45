"""All entity types that have a table of properties: one file for each, and the line here that imports it."""

from entra_emulator.graph.entities.app_management_policy import APP_MANAGEMENT_POLICY as APP_MANAGEMENT_POLICY
from entra_emulator.graph.entities.app_role_assignment import APP_ROLE_ASSIGNMENT as APP_ROLE_ASSIGNMENT
from entra_emulator.graph.entities.application import APPLICATION as APPLICATION
from entra_emulator.graph.entities.delegated_permission_classification import CLASSIFICATION as CLASSIFICATION
from entra_emulator.graph.entities.device import DEVICE as DEVICE
from entra_emulator.graph.entities.directory_audit import DIRECTORY_AUDIT as DIRECTORY_AUDIT
from entra_emulator.graph.entities.extension_property import EXTENSION_PROPERTY as EXTENSION_PROPERTY
from entra_emulator.graph.entities.federated_identity_credential import (
    FEDERATED_CREDENTIAL as FEDERATED_CREDENTIAL,
)
from entra_emulator.graph.entities.group import GROUP as GROUP
from entra_emulator.graph.entities.oauth2_permission_grant import PERMISSION_GRANT as PERMISSION_GRANT
from entra_emulator.graph.entities.schema_extension import SCHEMA_EXTENSION as SCHEMA_EXTENSION
from entra_emulator.graph.entities.service_principal import SERVICE_PRINCIPAL as SERVICE_PRINCIPAL
from entra_emulator.graph.entities.sts_policy import CLAIMS_MAPPING_POLICY as CLAIMS_MAPPING_POLICY
from entra_emulator.graph.entities.sts_policy import HOME_REALM_POLICY as HOME_REALM_POLICY
from entra_emulator.graph.entities.sts_policy import TOKEN_ISSUANCE_POLICY as TOKEN_ISSUANCE_POLICY
from entra_emulator.graph.entities.sts_policy import TOKEN_LIFETIME_POLICY as TOKEN_LIFETIME_POLICY
from entra_emulator.graph.entities.unified_role_assignment import ROLE_ASSIGNMENT as ROLE_ASSIGNMENT
from entra_emulator.graph.entities.unified_role_definition import ROLE_DEFINITION as ROLE_DEFINITION
from entra_emulator.graph.entities.user import USER as USER
from entra_emulator.graph.properties import Entity

# What a list of mixed objects can have.
DIRECTORY_OBJECTS = (APPLICATION, SERVICE_PRINCIPAL, GROUP, USER, DEVICE)
_IMPORTED = (value for value in list(vars().values()) if isinstance(value, Entity))
ENTITIES = tuple({entity.name: entity for entity in (*DIRECTORY_OBJECTS, *_IMPORTED)}.values())
