"""What to do when a database says no: one module per family of answers, one table over all of them."""
