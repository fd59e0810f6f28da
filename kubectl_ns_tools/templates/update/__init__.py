"""Bringing a namespace to what its template says now."""
