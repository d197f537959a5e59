"""Everything that can happen in the Products room."""
