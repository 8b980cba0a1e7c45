"""Stands in the copy that is mutated, a plugin of pytest: all tests are collected once, and mistakes meet
them in forks.

A request is a line of JSON: the tests, in order, and the text of a file with the mistake in it. The fork puts
the code of the functions that differ into those that exist already, wherever they were imported to, runs the
tests until the first one fails, and is gone with all that it started. The answer is a line too: `failed` is
that test, `hangs` that nothing came in time, and `placed` whether there was a function to put the code into:
what runs while modules are imported has run by then.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import types
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

Key = tuple[str, str, int]
"""A function: its file, its qualified name and its first line."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Answer requests in place of running the tests."""
    items = {item.nodeid: item for item in session.items}
    gc.unfreeze()  # what is frozen, as by a conftest after collection, is not found
    functions = _functions(Path.cwd())
    session.testsfailed = 0  # what could not be collected is not asked for
    gc.freeze()  # forks share what they do not change
    read, write = map(int, os.environ["MUTATION_FORKS"].split(","))
    with os.fdopen(read, encoding="utf-8") as requests, os.fdopen(write, "w", encoding="utf-8") as responses:
        for line in requests:
            responses.write(json.dumps(_response(session, items, functions, json.loads(line))) + "\n")
            responses.flush()
    return True


def _response(
    session: pytest.Session,
    items: Mapping[str, pytest.Item],
    functions: Mapping[Key, list[types.FunctionType]],
    request: dict[str, Any],
) -> dict[str, Any]:
    ours, theirs = os.pipe()
    fork = os.fork()
    if fork == 0:
        os.setsid()
        os.close(ours)
        placed = _place(functions, request["path"], request["text"]) if request["path"] else True
        found = {"failed": _failed(session, items, request["tests"]) if placed else "", "placed": placed}
        os.write(theirs, json.dumps(found).encode())
        os._exit(0)
    os.close(theirs)
    try:
        came, _, _ = select.select([ours], [], [], request["limit"])
        said = os.read(ours, 65536) if came else b'{"failed": "", "placed": true, "hangs": true}'
    finally:
        # Its own session as soon as it runs: what tests started goes with it.
        (os.killpg if os.getpgid(fork) == fork else os.kill)(fork, signal.SIGKILL)
        os.waitpid(fork, 0)
        os.close(ours)
    # A fork that ends without a word was ended by a test.
    return dict(json.loads(said or b'{"failed": "the tests end with the process", "placed": true}'))


def _failed(session: pytest.Session, items: Mapping[str, pytest.Item], tests: list[str]) -> str:
    chosen = [items[test] for test in tests if test in items]
    for item, following in zip(chosen, (*chosen[1:], None), strict=False):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return str(item.nodeid)
    return ""


def _functions(root: Path) -> dict[Key, list[types.FunctionType]]:
    found: dict[Key, list[types.FunctionType]] = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, types.FunctionType) and each.__code__.co_filename.startswith(f"{root}/"):
            found[_key(each.__code__)].append(each)
    return found


def _place(functions: Mapping[Key, list[types.FunctionType]], path: str, text: str) -> bool:
    # What nothing imported so far is read from the file, which has the mistake too.
    placed = path not in {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    for code in _codes(compile(text, path, "exec", dont_inherit=True)):
        for each in functions.get(_key(code), ()):
            if each.__code__ != code and len(each.__code__.co_freevars) == len(code.co_freevars):
                each.__code__ = code
                placed = True
    return placed


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield each
            yield from _codes(each)


def _key(code: types.CodeType) -> Key:
    return code.co_filename, code.co_qualname, code.co_firstlineno
