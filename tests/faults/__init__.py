"""Faults on the way to the real API server: a proxy on the loopback interface that makes them.

with FaultProxy.before(controlplane) as proxy:
    proxy.on("GET", r"/api/v1/namespaces/blue/pods", then=faults.dropped)
    run("ns-delete", "blue", "--dry-run", "--kubeconfig", proxy.kubeconfig(folder))
"""
