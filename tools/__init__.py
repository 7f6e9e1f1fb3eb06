"""Tools for developers of the companion. They are not installed."""
