"""Everything that declares resources.

`ImageRegistry` is the whole of it; each storage backend is one file that returns
a `StorageBinding`, and nothing else asks which platform it is on.
"""
