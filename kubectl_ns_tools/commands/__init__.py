"""The click layer: one module per command, shared options, prompts.

A command parses, calls, renders, writes, exits. It alone prints; no decision sits here that a test
could not reach without click. No HTTP and no YAML surgery.
"""
