"""Azure on this machine: a stand-in for Pulumi's plugin, over Azurite for the blobs and a store of
its own for what Azure Resource Manager keeps, which no emulator has.
"""
