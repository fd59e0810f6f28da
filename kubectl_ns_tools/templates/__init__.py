"""Namespace templates: where they are, parameters and checks, built-ins (builtin/*.yaml), plan and creation.

Knows neither click nor kubeconfig files.
"""
