"""Shell completion: what may come next on a command line, asked for by kubectl or by our own scripts.

`kubectl-X __complete WORDS…` answers in cobra's format, which kubectl (1.26 and newer) reads from the
executables kubectl_complete-X (kubectl pkg/cmd/plugin/plugin_completion.go; cobra site/content/completions).
Answering writes nothing but the cache of names, is silent, and ends in time: whatever goes wrong, there are
no suggestions.
"""
