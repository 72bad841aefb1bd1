"""The figures as a data package."""
