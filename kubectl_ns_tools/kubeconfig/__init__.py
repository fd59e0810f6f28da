"""Kubeconfig files under kubectl's rules: which files, the merged view, surgical edits, lock and atomic
write, the history that `-` goes back to. Neither click nor the cluster enters here.
"""
