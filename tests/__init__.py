"""Tests of Kith; `python3 -m tests` sets everything up and runs every check."""
