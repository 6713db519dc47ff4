"""What every test needs: property tests that are the same in each run, time on a loaded machine, and a zoo."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from tests.media.zoo import Zoo

# Two workers share a machine with other people's work: a slow example says nothing about the code.
settings.register_profile(
    "house",
    deadline=None,
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Zoo:
    """Every kind of footage, each made when it is first asked for and kept for the session."""
    return Zoo(tmp_path_factory.mktemp("zoo"))
