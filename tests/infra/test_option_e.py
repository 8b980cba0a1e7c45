"""Option E in the stacks: each httpd reads what `settings` writes, and a task can read its key pair."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from entra_config.errors import UsageError
from entra_config.settings import httpd
from tests.infra.stack_parameters import PAIR, SECRET_ONLY, WEB, manifest, tenant, written


def test_each_httpd_reads_what_its_file_says(tmp_path: Path) -> None:
    """The text of both files, as `settings` writes them, and where the key pair is."""
    found = manifest(tmp_path, option="E")
    parameters = written(found)
    page = next(app for app in found.settings.apps if app.key == "web")
    assert parameters["HttpdPage"] == httpd.defines(found, page, tenant())
    assert parameters["HttpdApi"] == httpd.defines(found, found.settings.api("api"), tenant())
    assert f'Define CLIENT_ID "{WEB}"' in parameters["HttpdPage"]
    assert 'Define PAGE_URL "https://app.example.com"' in parameters["HttpdApi"]
    assert PAIR.endswith(f":secret:myapp-prod/{parameters['HttpdKeyPair']}")
    assert json.loads(parameters["SpaConfig"])["session"] == "cookie"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("myapp-prod/web-AbCdEf", "other/web-AbCdEf")], "in a secret whose name begins with `myapp-prod/`"),
        (
            [(f'aws: {{ secret: "{PAIR}", account: "123456789012" }}', "file: /run/web.pem")],
            "sink `web` of `web` is file /run/web.pem; a task reads the key pair in AWS Secrets Manager",
        ),
        (
            [("certificates:\n      httpd: { generate: { in: web } }", SECRET_ONLY)],
            "`web` has 0 key pairs that are made, and httpd signs with one",
        ),
    ],
)
def test_a_key_pair_that_no_task_could_read_is_told(
    tmp_path: Path, changes: list[tuple[str, str]], said: str
) -> None:
    """Its place is one that the role of the task may read; a secret would have to be somebody's to renew."""
    with pytest.raises(UsageError, match=re.escape(said)):
        written(manifest(tmp_path, *changes, option="E"))
