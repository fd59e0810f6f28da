"""What would be created, and whether it can be: names, kinds, rights, escalation, provenance."""
