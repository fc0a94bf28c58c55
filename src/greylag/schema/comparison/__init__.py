"""Two Catalogs to the list of their differences, complete: every field of the Catalog is looked at."""
