"""The lab's network: leads to its services under the names that they have in the world."""
