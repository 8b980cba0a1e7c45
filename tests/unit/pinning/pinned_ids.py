"""A manifest with an API and a web application whose secret has a life, its tenant, and ids to pin."""

from __future__ import annotations

TENANT = "11111111-1111-1111-1111-111111111111"
A, B, C = (f"{digit * 8}-0000-0000-0000-000000000000" for digit in "abc")
ROOT = f"""\
project: myapp
environments: {{ dev: {{ tenantId: {TENANT}, sinks: {{ web: {{ file: /kept/web }} }} }} }}
applications:
  api: {{ type: api, displayName: API }}
  web:
    type: web
    displayName: Web
    credentials: {{ secrets: {{ main: {{ sink: web, lifetime: P90D, overlap: P14D }} }} }}
"""
