"""The goose command, byte for byte."""
