"""Everything Mujaz raises on purpose.

MujazError
├── InputError            the caller's text or fields; `field` says which one
│   └── NoArabicError     no Arabic letter in the text; names the scripts found
├── ModelError            a model cannot be used
│   ├── UnknownModel      no such name; names the choices
│   ├── ModelNotFetched   a public model whose files are not here; gives the command that fetches them
│   ├── UnsupportedModel  files that Mujaz does not read (wrong architecture, pickled weights, missing pieces)
│   ├── ModelRefused      the golden sentence came back as nonsense
│   └── NotReady          the model is still being loaded
├── NotFound              no such brief
└── SettingError          an environment variable has a wrong value; names the choices
"""

from __future__ import annotations


class MujazError(Exception):
    """The root: `str(error)` is a sentence for the user."""


class InputError(MujazError):
    """A value the caller sent is wrong. `field` is its name in the request."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail


class NoArabicError(InputError):
    """There is nothing to translate: the text holds no Arabic letter."""


class ModelError(MujazError):
    """A model cannot be used."""


class UnknownModel(ModelError):
    """No model goes by this name."""


class ModelNotFetched(ModelError):
    """A public model whose files are not on this machine."""


class UnsupportedModel(ModelError):
    """The files are there, but not of a kind that Mujaz reads."""


class ModelRefused(ModelError):
    """The model was loaded and translates a known sentence into nonsense."""


class NotReady(ModelError):
    """The model is still being loaded."""


class NotFound(MujazError):
    """No brief has this id."""


class SettingError(MujazError):
    """A setting has a value that cannot be used."""
