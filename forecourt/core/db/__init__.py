"""The database backend: Django's for PostgreSQL, with a pool that empties the scope."""
