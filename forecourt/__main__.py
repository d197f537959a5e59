"""`python -m forecourt` is the same as the `forecourt` command."""

from forecourt.config.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
