"""What a template asks for, and where the answers come from."""
