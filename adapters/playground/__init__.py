"""A rehearsal workspace in the browser: invented people, real Kith, a clock that can be moved."""

from adapters.playground.app import rehearsal
from adapters.playground.clock import MovableClock
from adapters.playground.core import Core
from adapters.playground.script import Script, read_script, shipped_script
from adapters.playground.world import World

__all__ = ["Core", "MovableClock", "Script", "World", "read_script", "rehearsal", "shipped_script"]
