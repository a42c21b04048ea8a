from pathlib import Path

import pytest

from models.errors import SettingError
from service.config import Settings
from tests.conftest import cases


def test_defaults_and_the_environment():
    assert Settings.from_environment({}) == Settings()
    wanted = {"PORT": "9000", "MUJAZ_BACKEND": "torch", "MUJAZ_DATA": "elsewhere", "MUJAZ_BEAM": "2"}
    assert Settings.from_environment(wanted) == Settings(port=9000, backend="torch", data=Path("elsewhere"), beam=2)
    assert Settings.from_environment({"PORT": ""}) == Settings(), "an empty variable is as good as none"
    assert Settings.from_environment({}, beam=3).beam == 3 and Settings.from_environment(wanted, beam=3).beam == 2


@pytest.mark.parametrize(("name", "value", "choices"), cases("wrong-settings"))
def test_a_wrong_setting_is_named_with_the_choices_and_without_a_secret(name, value, choices):
    with pytest.raises(SettingError) as error:
        Settings.from_environment({name: value})
    assert name in str(error.value) and choices in str(error.value) and "secret" not in str(error.value)
