"""What was before: the undo of each write, and the previous names of each shell."""
