"""An app that demands keys, and a key to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service import create_app
from service.store.keys import Keys


@pytest.fixture
def keys(settings) -> Keys:
    return Keys(settings.data / "mujaz.sqlite3")


@pytest.fixture
def token(keys) -> str:
    """What the owner of the key `desk` sends."""
    return keys.make("desk", {})


@pytest.fixture
def made(settings, pipeline):
    """A function that makes a client of an app with some settings of its own."""
    return lambda **own: create_app(replace(settings, **own), pipeline=pipeline).test_client()


@pytest.fixture
def locked(made, token):
    """A client of an app on loopback that demands keys."""
    return made(open="0")
