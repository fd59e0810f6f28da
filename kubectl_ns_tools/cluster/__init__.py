"""The API server: connection, discovery, paged lists, apply, watch, permissions.

The only importer of the `kubernetes` package, and only inside the functions that need it. Plain dicts
and the dataclasses of this package go in and out; the client library's errors stop here.
"""
