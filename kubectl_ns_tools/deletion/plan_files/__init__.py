"""A plan that is saved and carried out later, and what has changed since."""
