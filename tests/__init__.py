"""The tests: folders that mirror the package, e2e/ for the executables, controlplane/ for the servers."""
