"""Contexts from and to other kubeconfigs: import and export."""
