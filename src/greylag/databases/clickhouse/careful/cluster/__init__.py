"""Careful runs on the hosts of a cluster."""
