"""Load one profile of Hypothesis for every suite, and keep the emulators' records apart."""

import atexit
import os
import shutil
import tempfile

from hypothesis import HealthCheck, settings

# Where emulators record what they made: no test leaves a record in the developer's own folder.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="entra-config-tests-")
    atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"], ignore_errors=True)

# How long an example takes depends on the machine. CI tries the same examples each time: nothing is drawn
# anew and nothing is remembered. A soak (TESTS_SOAK is set) draws new ones.
settings.register_profile(
    "tests",
    deadline=None,
    derandomize=not os.environ.get("TESTS_SOAK"),
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("tests")
