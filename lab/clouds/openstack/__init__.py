"""The lab's OpenStack: Keystone and Swift themselves, in a Python of their own.

Their packages don't go with the project's: what runs there is in `server`, started by that Python,
which `install` makes once.
"""
