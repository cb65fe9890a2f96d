"""Tests of the rehearsal workspace: its parts, its HTTP door, and the page in a real browser."""
