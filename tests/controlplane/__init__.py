"""Builds, starts and ends the real etcd, kube-apiserver and kube-controller-manager to test the suite on.

Test fixtures and the demo share these modules. Nothing in here knows the product; only the standard library
and PyYAML are used, so that a fault of ours cannot hide behind a fault of our own client.
"""
