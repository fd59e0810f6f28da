"""Carrying a plan out: in parallel, with retries, all or nothing."""
