"""A Catalog as a diagram of its tables: Mermaid, DOT and SVG."""
