"""What apply says is looked up by a rule: each has one, each is said somewhere, and the page has them all."""

from __future__ import annotations

import ast
from pathlib import Path

from entra_config.apply import messages
from entra_config.errors import GraphError
from entra_config.graph.catalogue import ROWS
from entra_config.graph.errors import refusal
from entra_config.graph.request import Request, Response

APPLY = Path(messages.__file__).parent


def test_a_rule_is_one_message() -> None:
    """No two share an id, of apply's or of Graph's; each of apply's says in its id whose it is."""
    rules = [*(each.rule for each in messages.CATALOGUE), *(row.id for row in ROWS)]

    assert len(rules) == len(set(rules)) > 80
    assert all(each.rule.startswith("apply-") for each in messages.CATALOGUE)
    assert all(each.advice for each in messages.CATALOGUE if each.occasion is messages.Occasion.FAILED)


def test_every_message_is_said_and_nothing_else_is() -> None:
    """Each constant is used by the state machine, and no other module of apply words an error or an end of
    a step itself.
    """
    said: set[str] = set()
    own: list[str] = []
    for path in sorted(APPLY.glob("*.py")):
        if path.name == "messages.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "messages":
                said.add(node.attr)
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) in {"GraphError", "Said"}
                and (node.args or node.keywords)
            ):
                own.append(f"{path.name}:{node.lineno}")

    constants = {name for name, value in vars(messages).items() if isinstance(value, messages.Message)}
    assert (said, own) == (constants, [])


def test_an_error_carries_its_rule() -> None:
    """Of apply's own and of Graph's refusals alike; Graph's code and request id stay, where it refused
    before.
    """
    own = messages.NAME_HELD.error(
        holder="'hr' (appId 1)",
        name="a.b.{c}",
        tags="has no ownership tags",
        code="Request_BadRequest",
        request_id="r",
    )
    of_graph = refusal(Request("PATCH", "/x"), Response(500, None))

    assert str(own) == (
        "'hr' (appId 1) holds the uniqueName a.b.{c}: it has no ownership tags; it is not adopted, "
        "and nothing is granted to it"
    )
    assert (own.rule, own.code, own.request_id) == ("apply-name-held", "Request_BadRequest", "r")
    assert messages.ARMED.error(step="x", moved="y").code == "Armed"
    assert of_graph.rule == "graph-server-error"
    assert isinstance(of_graph, GraphError)
