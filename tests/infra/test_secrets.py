"""What is secret in the stacks: listed on a page, drawn as the applications read it, opened as they ask."""

from __future__ import annotations

import json
import os
import string
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from options.bff import settings
from options.bff.tests.world import redis_server
from tests.infra import cost_table, secrets_table
from tests.infra.templates import ROOT, parse, read

# What the store of the BFF does, by a user with the template's rights, and what is left to be refused.
REQUESTED = """
import asyncio, json, sys
import redis, redis.asyncio
from options.bff.store import RedisStore, StoreError

url, words = sys.argv[1], sys.argv[2].split()
admin = redis.Redis.from_url(url)
admin.execute_command("ACL", "SETUSER", "bff", "reset", ">x", *words)

async def main():
    client = redis.asyncio.Redis.from_url(url, username="bff", password="x")
    store, said = RedisStore(client), {}
    said["ready"] = await store.ready()
    await store.put("bff:a", b"1", 9)
    await store.replace("bff:a", b"2")
    await store.touch("bff:a", 8)
    said["kept"] = [(await store.get("bff:a")).decode(), (await store.take("bff:a")).decode()]
    await store.add("bff:s", "m", 9)
    said["set"] = await store.members("bff:s")
    await store.delete("bff:s")
    said["refused"] = []
    for words in (("GET", "other"), ("KEYS", "*"), ("FLUSHALL",), ("CONFIG", "GET", "*"), ("DUMP", "bff:s")):
        try:
            await client.execute_command(*words)
        except redis.exceptions.NoPermissionError:
            said["refused"].append(words[0])
    await store.close()
    print(json.dumps(said))

asyncio.run(main())
"""


def test_the_page_lists_every_secret_of_the_templates_and_what_they_cost() -> None:
    """As `python -m tests.infra.secrets_table` writes it."""
    text = secrets_table.PAGE.read_text(encoding="utf-8")
    assert text == secrets_table.page(text)


def test_a_month_of_option_d_costs_what_its_parts_do() -> None:
    """By hand: two tasks of the page, one of the API; a load balancer in two zones, one NAT gateway, five
    endpoints.
    """
    fargate = 1 * 0.03238 + 2 * 0.00356
    network = 0.0225 + 0.008 + 0.045 + 5 * 2 * 0.01 + 3 * 0.005
    head, *_, total = ([each.strip() for each in row.strip("|").split("|")] for row in cost_table.rows())
    assert dict(zip(head, total, strict=True))["D"] == f"**{730 * (fargate + network):.0f}**"


def test_a_secret_that_cloudformation_resolves_is_a_row() -> None:
    """Wherever it stands in a template."""
    stack = parse(
        "Resources:\n  A:\n    Type: AWS::X::Y\n    Properties:\n"
        "      S: !Sub '{{resolve:secretsmanager:${Name}/client-secret:SecretString:value}}'\n"
    )
    assert list(secrets_table._rows("edge", stack)) == [
        "`{{resolve:…}}` | CloudFormation, when it deploys `edge` | Secrets Manager, `NAME/client-secret`"
    ]


@given(st.text(string.ascii_letters + string.digits, min_size=43, max_size=43))
def test_what_secrets_manager_draws_is_a_key(drawn: str) -> None:
    """As many letters and digits as the template asks for."""
    requested = read()["bff"].the("SessionKeys")["GenerateSecretString"]
    assert requested == {"PasswordLength": len(drawn), "ExcludePunctuation": True}
    (key,) = settings.keys(drawn)
    assert len(key) == settings.KEY_BYTES


@pytest.mark.options
def test_the_user_of_the_cache_may_what_the_server_does_and_no_more(tmp_path: Path) -> None:
    """On a real Redis, with the words of the template."""
    words = read()["bff"].the("CacheUser")["AccessString"]
    python = str(Path(sys.prefix) / "tools/bff/bin/python")
    with redis_server(tmp_path / "redis") as url:
        ran = subprocess.run(
            [python, "-c", REQUESTED, url, words],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "ready": True,
        "kept": ["2", "2"],
        "set": ["m"],
        "refused": ["GET", "KEYS", "FLUSHALL", "CONFIG", "DUMP"],
    }
