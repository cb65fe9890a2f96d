"""Talking with Kith: one question at a time, with or without a companion."""
