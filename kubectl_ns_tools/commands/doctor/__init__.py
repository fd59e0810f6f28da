"""What `kubectl ns-tools doctor` looks at. A check takes what it needs and gives findings; it prints nothing,
and what stands in its way is a finding too."""
