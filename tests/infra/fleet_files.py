"""A fleet of one project in two tenants, in two waves, that a role of AWS signs in to."""

from __future__ import annotations

from entra_emulator import seed

TENANTS = {"contoso": seed.CONTOSO, "fabrikam": seed.FABRIKAM}
FLEET = f"""\
projects: {{ myapp: {{ manifest: myapp, environment: customer }} }}
credential: {{ kind: aws, clientId: {seed.DEPLOYER_APP_ID} }}
tenants:
  contoso: {{ tenantId: {seed.CONTOSO}, tags: [first], projects: [myapp], variables: {{ title: One }} }}
  fabrikam: {{ tenantId: {seed.FABRIKAM}, projects: [myapp], variables: {{ title: Two }} }}
waves: [{{ tags: [first] }}, {{ rest: true }}]
"""
MYAPP = """\
project: myapp
environments: { customer: { fleet: true, deployers: credential } }
applications:
  api: { type: api, displayName: "MyApp ${title}", appRoles: { Reader: Reads. } }
appRoleAssignments: { api: { Reader: { groups: [MyApp Admins] } } }
"""
FILES = {"fleet.yaml": FLEET, "myapp/entra-config.yaml": MYAPP}
