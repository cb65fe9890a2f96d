"""The store: SQLAlchemy Core on SQLite and PostgreSQL, its in-memory twin, and the road from one schema to the next."""
