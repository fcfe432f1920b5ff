"""`python -m fleet` is `ocpreg`."""

from fleet.command import main

main()
