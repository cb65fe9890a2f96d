"""Tests of the store: one contract for memory, SQLite and PostgreSQL, and what only databases have."""
