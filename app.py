"""The web chat: `python app.py` is the same as `footnote serve`."""

from __future__ import annotations

import sys


def main() -> int:
    """Serves until Ctrl-C; returns the exit code."""
    from assistant.errors import FootnoteError
    from assistant.settings import load_settings
    from assistant.web import serve

    try:
        serve(load_settings())
    except FootnoteError as error:
        print(error.message, error.hint, sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
