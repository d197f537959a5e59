"""The back door: the vendor's staff, who do by the same actions what customers do, and more."""
