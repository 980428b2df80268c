"""The simulator against a product of a few lines, over real HTTP."""
