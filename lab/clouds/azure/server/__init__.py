"""The blobs of the lab's Azure: Azurite, behind a front that asks first what Azure would ask.

Azurite knows accounts by name and key, and nothing of what is set for an account: who is let in,
whether by keys, whether without any.
"""
