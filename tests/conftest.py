"""Settings for every test: hypothesis repeats itself and has no deadline; speed is for benchmarks."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "kith", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("kith")
