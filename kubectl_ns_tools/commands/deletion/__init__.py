"""ns-delete, step by step: what is wanted, the cases, the questions, the backups, the course, the report."""
