"""What runs in the Python that has Keystone and Swift, and in no other."""
