"""All entity types that have a table of properties: one file for each, and one line here."""

from entra_emulator.graph.entities.app_management_policy import APP_MANAGEMENT_POLICY
from entra_emulator.graph.entities.app_role_assignment import APP_ROLE_ASSIGNMENT
from entra_emulator.graph.entities.application import APPLICATION
from entra_emulator.graph.entities.delegated_permission_classification import CLASSIFICATION
from entra_emulator.graph.entities.device import DEVICE
from entra_emulator.graph.entities.directory_audit import DIRECTORY_AUDIT
from entra_emulator.graph.entities.extension_property import EXTENSION_PROPERTY
from entra_emulator.graph.entities.federated_identity_credential import FEDERATED_CREDENTIAL
from entra_emulator.graph.entities.group import GROUP
from entra_emulator.graph.entities.home_realm_discovery_policy import HOME_REALM_POLICY
from entra_emulator.graph.entities.oauth2_permission_grant import PERMISSION_GRANT
from entra_emulator.graph.entities.schema_extension import SCHEMA_EXTENSION
from entra_emulator.graph.entities.service_principal import SERVICE_PRINCIPAL
from entra_emulator.graph.entities.user import USER

# What a list of mixed objects can have.
DIRECTORY_OBJECTS = (APPLICATION, SERVICE_PRINCIPAL, GROUP, USER, DEVICE)
ENTITIES = (
    *DIRECTORY_OBJECTS,
    APP_ROLE_ASSIGNMENT,
    PERMISSION_GRANT,
    FEDERATED_CREDENTIAL,
    EXTENSION_PROPERTY,
    CLASSIFICATION,
    SCHEMA_EXTENSION,
    APP_MANAGEMENT_POLICY,
    HOME_REALM_POLICY,
    DIRECTORY_AUDIT,
)
