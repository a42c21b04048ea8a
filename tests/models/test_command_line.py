"""How a command ends."""

import contextlib
import signal

import pytest

from models.command_line import interruptible


def test_an_interrupt_that_a_library_swallows_ends_the_work_at_its_next_error():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), interruptible():
        with contextlib.suppress(BaseException):
            signal.raise_signal(signal.SIGINT)
        raise TimeoutError("what came of it")
    with pytest.raises(TimeoutError), interruptible():
        raise TimeoutError("without an interrupt")
    assert signal.getsignal(signal.SIGINT) is before
