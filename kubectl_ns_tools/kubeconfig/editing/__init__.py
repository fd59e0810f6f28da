"""Edits of a file that leave every other byte alone, made together under their locks."""
