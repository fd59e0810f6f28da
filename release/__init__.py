"""What a release is made of: archives, manifests for krew, pages of documentation. It is not installed."""
