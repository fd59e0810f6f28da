"""What a deletion would destroy, be held up by, leave behind or break elsewhere: one module per concern.

A check looks at the Scene and yields Hazards; what it has no right to look at is Unchecked, never "none".
Nothing in here changes anything.
"""
