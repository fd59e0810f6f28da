"""Renderers: values in, text out. No I/O, no decisions, no colour codes unless asked for."""
