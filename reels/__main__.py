"""`python -m reels` is `reels`."""

from reels.cli import main

main()
