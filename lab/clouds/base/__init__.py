"""What the stand-ins for Pulumi's cloud plugins share.

A cloud adds a table of types (`Kind`) and data functions, and a `Cloud` that reaches its
emulator; `serve` makes a plugin of them that the engine can't tell from the real one.
"""
