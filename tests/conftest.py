"""What every test needs: property tests that are the same in each run, and time on a loaded machine."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Two workers share a machine with other people's work: a slow example says nothing about the code.
settings.register_profile(
    "house",
    deadline=None,
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")
