"""What a kubeconfig file says, however it is written: the scanner for the usual forms, the real parser for
the rest, and what kubectl would say of what is broken."""
