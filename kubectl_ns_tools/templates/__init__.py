"""Namespace templates: finding, parameters, checks, built-ins (builtin/*.yaml), the plan and its creation.

Knows neither click nor kubeconfig files.
"""
