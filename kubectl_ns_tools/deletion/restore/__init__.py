"""The way back: a plan made of an archive and of what is in the cluster now, and its execution.

planning.py reads both and writes nothing; execution.py creates what the plan says, never changes an object
that somebody else has made since, and gives a report. Running it again goes on from where it ended.
"""
