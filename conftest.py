"""Load one profile of Hypothesis for every suite, whichever runs alone."""

import os

from hypothesis import HealthCheck, settings

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
