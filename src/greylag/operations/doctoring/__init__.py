"""What ``greylag doctor`` looks at: a table of checks, each a function from facts to findings."""
