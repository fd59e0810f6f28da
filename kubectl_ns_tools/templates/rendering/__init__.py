"""From templates and values to objects: substitution, composition, what is secret in them."""
