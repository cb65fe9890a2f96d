"""Measurements of Kith: speed, memory and restraint, as JSON; docs/performance.md keeps what they printed."""
