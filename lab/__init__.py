"""The local platform for trying and testing: real engine, real API server, OpenShift's own CRDs.

It stands alone: nothing here imports from the rest of the project, and nothing
in the rest of the project knows about it.
"""
