"""`ocpreg comment`: what `ocpreg preview --out` has kept, as one comment of a pull request."""
