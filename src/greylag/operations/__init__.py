"""One file per verb; each reads as one paragraph."""
