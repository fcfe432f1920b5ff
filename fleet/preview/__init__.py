"""`ocpreg preview`: what each of many stacks would change.

The SDKs are imported once, in this process; each stack is then previewed by a fork of it that
serves its program to an engine of its own. Forks and no threads: the program reads the
environment, the working directory and the arguments of its process, and ends it when it refuses.
"""
