"""What the `forecourt` command does, one file for each noun."""
