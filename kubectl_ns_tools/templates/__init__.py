"""Namespace templates: where they are, parameters and checks, built-ins (library/builtin), plan and creation.

Knows neither click nor kubeconfig files.
"""
