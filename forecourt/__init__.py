"""Forecourt, the customer portal of a software vendor, hosted by the vendor."""

__version__ = "0.1.0"
