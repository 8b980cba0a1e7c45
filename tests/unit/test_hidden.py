"""A secret's value: nothing shows, copies, compares or stores it, and no core file while one exists."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import resource
import subprocess
import sys
import traceback

import pytest

from entra_config.hidden import Hidden, no_cores

VALUE = "Ab~8Q~secret-value-of-forty-characters-x"


def test_nothing_shows_it() -> None:
    """Whatever makes a text of things."""
    hidden = Hidden(VALUE)
    assert VALUE not in f"{hidden!r} {[hidden]} {hidden!a}"
    assert VALUE not in repr(vars(type(hidden)))
    for work in (
        lambda: str(hidden),
        lambda: f"{hidden}",
        lambda: f"{hidden:>9}",
        lambda: "{}".format(hidden),  # noqa: UP032  # another way to the same text
        lambda: json.dumps(hidden),
    ):
        with pytest.raises(TypeError) as caught:
            work()
        assert VALUE not in "".join(traceback.format_exception(caught.value))
    assert hidden.reveal() == VALUE


def test_nothing_copies_compares_or_stores_it() -> None:
    """Pickle, copies, equality, sets and keys of dicts."""
    hidden = Hidden(VALUE)
    for work in (
        lambda: pickle.dumps(hidden),
        lambda: copy.copy(hidden),
        lambda: copy.deepcopy(hidden),
        lambda: hidden == Hidden(VALUE),
        lambda: hash(hidden),
        lambda: {hidden},
    ):
        with pytest.raises(TypeError):
            work()
    with pytest.raises(AttributeError):
        hidden.other = 1  # type: ignore[attr-defined]  # that is what is tried
    assert not hasattr(hidden, "__dict__")


def test_a_log_has_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """What logs it as an argument gets its fixed word, or an error of logging's own."""
    logging.getLogger("x").warning("%r", Hidden(VALUE))
    assert VALUE not in caplog.text


def test_no_core_while_one_exists() -> None:
    """The limit is nothing inside, and what it was after; blocks may stand in blocks, and an error ends
    them.
    """
    before = resource.getrlimit(resource.RLIMIT_CORE)

    def inside() -> None:
        with no_cores():
            with no_cores():
                pass
            assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
            raise RuntimeError

    with pytest.raises(RuntimeError):
        inside()
    assert resource.getrlimit(resource.RLIMIT_CORE) == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl is Linux's")
def test_a_process_cannot_be_dumped() -> None:
    """Nor can a core be piped to a program: the kernel says that this process is not to be dumped."""
    reported = (
        "from entra_config.hidden import no_cores, _prctl\nwith no_cores():\n "
        "print(_prctl(3))\nprint(_prctl(3))"
    )
    done = subprocess.run([sys.executable, "-c", reported], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1"]
