"""Other systems, run on the same suites with the same models."""
