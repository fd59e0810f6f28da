"""A shell or a command with a context of its own, and what belongs to processes and terminals in it."""
