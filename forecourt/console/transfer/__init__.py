"""Customers from files and into files: the vendor's former system, or another portal."""
