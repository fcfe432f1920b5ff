"""The `ocpreg` command: work over stack files, and over many stacks at once."""
