"""Where things are: workspace, targets, environment files, secrets."""
