"""What is wrong with a template, or will be a surprise, found before a namespace is made of it."""
