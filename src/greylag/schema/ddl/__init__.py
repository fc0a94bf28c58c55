"""A PostgreSQL Catalog as the statements that make it: the text of ``greylag schema dump``."""
