"""Kith's own house: what it notices, how it decides, what it does; no platform, no SQL."""
