"""The store in memory: replay and tests run on it, and it keeps the same promises as the databases."""
