"""The files of the worked example's manifest that stories of pipelines edit."""

from __future__ import annotations

ROLES = "manifests/applications/api.yaml"
ACCESS = "manifests/access.yaml"
CLIENTS = "manifests/applications/clients.yaml"
