"""What every suite has alike, whichever runs alone: the one profile of Hypothesis."""

from hypothesis import HealthCheck, settings

# How long an example takes is a matter of the machine, and of no test.
settings.register_profile(
    "tests", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
settings.load_profile("tests")
