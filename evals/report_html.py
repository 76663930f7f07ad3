"""The report as one HTML file."""
from typing import Any
def page(report: dict[str, Any], flips: str = "") -> str:
    """Placeholder."""
    return ""
