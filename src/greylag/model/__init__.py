"""The vocabulary: immutable values without input or output, shared by every layer."""
