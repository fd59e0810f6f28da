"""A template made of what is in a live namespace: its policy, not its workloads and never its secrets."""
