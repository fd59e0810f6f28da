"""A namespace as a file, and the file read again: what of it can be re-created (cleaning), the format of the
archive (contents, writing, archive), the save itself (saving) and the folder of backups (shelf).

Nothing in here changes the cluster.
"""
