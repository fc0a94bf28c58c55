"""greylag: goose migrations, and the database practice around them, as one tool."""

__version__ = "0.1.0"

GOOSE_VERSION = "v3.27.3"
"""The release of goose whose behaviour the ``goose`` face reproduces."""
