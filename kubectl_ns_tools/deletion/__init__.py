"""Cascade deletion: the inventory of a namespace, the plan (pure), its execution, the diagnosis of a
namespace that does not go. Knows nothing of click.
"""
