"""What cleaning does to a kind beyond what it does to all, a module per noun. Each function gets the cleaned
copy, which it changes in place, and the object as the server had it, for what that proves. Pure.
"""
