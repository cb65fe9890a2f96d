"""Tests of the lexical reader, of `kith read` and of how the reading is measured."""
