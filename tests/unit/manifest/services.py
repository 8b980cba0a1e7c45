"""A manifest of two services, in which one entry makes the applications of both."""

from __future__ import annotations

from tests.unit.manifest.conftest import TENANT

ROOT = f"""\
project: myapp
environments:
  dev: {{ tenantId: {TENANT} }}
  prod:
    tenantId: {TENANT}
    overrides:
      lists: {{ services: {{ billing: {{ owner: bob@contoso.com }} }} }}
      applications: {{ orders-api: {{ displayName: Orders }} }}
files: [services.yaml]
grants: {{ "${{service}} deployer": {{ each: {{ service: services }}, Microsoft Graph: {{ application: [User.Read.All] }} }} }}
"""
SERVICES = """\
lists:
  services:
    orders: { owner: orders@contoso.com, number: 7 }
    billing: { owner: billing@contoso.com, number: 8, only: [prod] }
applications:
  ${service}-api:
    each: { service: services }
    type: api
    displayName: ${service} API ${service.number}
    owners: ["${service.owner}"]
    identifierUris: ["api://${appId}"]
    scopes: { read: { displayName: Read, description: Reads., whoCanConsent: admins } }
    appRoles: { Reader: { description: "Reads ${service}.", allowedMemberTypes: [User, Application] } }
  ${service}-spa:
    each: { service: services }
    type: spa
    displayName: ${service}
    apiPermissions: { "${service}-api": { delegated: [read], adminConsent: true } }
enterpriseApplications:
  ${partner}: { each: { partner: [hr, crm] }, displayName: "Partner ${partner}" }
appRoleAssignments:
  ${service}-api: { each: { service: services }, Reader: { groups: ["${service} readers"] } }
"""
