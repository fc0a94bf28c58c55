"""Faces: parse options, call an operation, render."""
