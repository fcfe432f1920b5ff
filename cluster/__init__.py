"""The live cluster: how to reach it, and what it says of itself. Read, never written, from here."""
