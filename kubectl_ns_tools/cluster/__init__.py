"""The API server: connection, discovery, paged lists, apply, watch, permissions.

Plain dicts and the values of this package go in and out; errors of the layers below stop here.

A request goes through three of them. A Connection (connection.py) knows paths, JSON, errors in kubectl's
words, and what is to be sent again. Its Transport (transport.py) adds who we are (credentials.py, with
exec_plugin.py, exec_cache.py and auth_provider.py) and sends it by one of two HTTP clients, which offer the
same (exchange.py) and pass the same tests:

- light_client.py for the usual cluster: sockets and ssl (channel.py, tls.py), HTTP/1.1 by http1.py. It is
  there because `import kubernetes` takes three times as long as a whole `kubectl get namespaces`.
- library_client.py for a cluster behind a proxy: the pool of the `kubernetes` package (urllib3), imported
  here alone, and only by that module and auth_provider.py, inside the functions that need it.

What is loaded by every light command is kept small: no email package for headers, no urllib.parse for plain
names (urls.py), NamedTuples instead of dataclasses. tests/test_imports.py holds that, and
benchmarks/namespaces.py tells what it is worth.
"""
