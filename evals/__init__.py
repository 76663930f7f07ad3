"""Evaluation: suites, metrics, reports and gates. Imports the assistant, never the reverse."""
