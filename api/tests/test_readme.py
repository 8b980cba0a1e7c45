"""The README against the code: its tables of settings, its example."""

import json
import re
from pathlib import Path
from types import ModuleType

from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from api.app import create
from api.settings import EntraSettings, ServerSettings
from api.tests.conftest import settings
from api.tests.issuer import ALICE, Clock, KeyServer, sign, user_claims

README = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")


def test_all_generated_keys_are_described() -> None:
    """The table of keys is the settings class, in its order."""
    described = re.findall(r"^\| `([A-Z_]+)` \| [^|]+ \|$", README, re.MULTILINE)
    assert described == [name.upper() for name in EntraSettings.model_fields]


def test_all_operator_settings_are_described_with_their_defaults() -> None:
    """The table of variables is the settings class, in its order, defaults included."""
    described = re.findall(r"^\| `SERVER_([A-Z_]+)` \| (.*?) ?\|", README, re.MULTILINE)
    defaults = {name: field.default for name, field in ServerSettings.model_fields.items()}
    shown = {
        name: ""
        if default is None
        else f"`{json.dumps(default) if isinstance(default, bool | float) else default}`"
        for name, default in defaults.items()
    }
    assert [(name.lower(), default) for name, default in described] == list(shown.items())


def test_the_example_does_what_it_says(tmp_path: Path) -> None:
    """The route of the README lets in whom it names, and nobody else."""
    [code] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    example = ModuleType("example")
    exec(code, vars(example))
    app = create(settings(tmp_path), transport=KeyServer().transport(), now=Clock(), monotonic=Clock())
    app.include_router(example.router)
    assert isinstance(example.router.routes[0], APIRoute)
    responses = {}
    with TestClient(app) as client:
        for roles in (("Reader", "Writer"), ("Writer",), ("Reader",)):
            token = sign(user_claims(roles=roles))
            responses[roles] = client.post("/reports", headers={"Authorization": f"Bearer {token}"})
    assert ALICE in responses["Reader", "Writer"].text
    assert [response.status_code for response in responses.values()] == [200, 403, 403]
