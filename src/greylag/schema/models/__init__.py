"""A Catalog as Python: typed classes for SQLAlchemy, models for Pydantic."""
