"""Clouds that exist on this machine only: emulators, and stand-ins for Pulumi's plugins.

One folder a cloud. `base/` is what the stand-ins share; a cloud adds its types and calls.
"""
