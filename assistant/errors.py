"""Every error a user can meet, each with a hint that names the remedy.

    FootnoteError
    ├── ConfigError          a setting or an argument is wrong
    ├── QuestionError        the question cannot be asked as it is
    ├── ReadError            one file cannot be read (sync records it and goes on)
    ├── IndexMissing         there is no index yet
    ├── IndexBusy            another process is writing the index
    ├── IndexDamaged         the index on disk cannot be opened
    ├── CannotCompute        figures that do not go together were to be computed with
    └── ModelUnavailable     a model is not there, damaged, or does not answer
        └── ContextTooLong   the prompt does not fit the model

The command line shows `message` and `hint` on two lines and exits with 1; the chat shows them in
the conversation; sync turns a ReadError into a Failure of its report. Anything else is a bug.
"""

from __future__ import annotations


class FootnoteError(Exception):
    """Base of all errors meant for the user: what happened, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(FootnoteError):
    """A setting, environment variable or argument has a value that cannot be used."""


class QuestionError(FootnoteError):
    """The question is empty or longer than can be searched for."""


class ReadError(FootnoteError):
    """A file is unreadable, encrypted, truncated or not what its name says."""


class IndexMissing(FootnoteError):
    """No generation exists: nothing has been indexed yet."""


class IndexBusy(FootnoteError):
    """Another process holds the writer's lock."""


class IndexDamaged(FootnoteError):
    """The current generation cannot be opened or fails its own counts."""


class CannotCompute(FootnoteError):
    """Two figures cannot be added, compared or divided; the message says why."""


class ModelUnavailable(FootnoteError):
    """A model file is missing or damaged, or its server does not answer."""


class ContextTooLong(ModelUnavailable):
    """The prompt is longer than the model's context."""
