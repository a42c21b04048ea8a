from pathlib import Path

import pytest

from models.errors import SettingError
from service.config import Settings


def test_defaults_and_the_environment():
    assert Settings.from_environment({}) == Settings()
    wanted = {"PORT": "9000", "MUJAZ_BACKEND": "torch", "MUJAZ_DATA": "elsewhere", "MUJAZ_BEAM": "2"}
    assert Settings.from_environment(wanted) == Settings(port=9000, backend="torch", data=Path("elsewhere"), beam=2)
    assert Settings.from_environment({"PORT": ""}) == Settings(), "an empty variable is as good as none"


@pytest.mark.parametrize(
    ("name", "value", "choices"),
    [
        ("PORT", "eighty", "whole number"),
        ("PORT", "70000", "1 to 65535"),
        ("MUJAZ_BEAM", "17", "0 to 16"),
        ("MUJAZ_BACKEND", "onnx", "ctranslate2 or torch"),
        ("MUJAZ_COMPUTE_TYPE", "int4", "int8 or float32"),
        ("MUJAZ_EFFORT", "much", "quick or normal or careful"),
        ("MUJAZ_MAX_CHARS", "-1", "1 to"),
    ],
)
def test_a_wrong_setting_is_named_with_the_choices(name, value, choices):
    with pytest.raises(SettingError) as error:
        Settings.from_environment({name: value})
    assert name in str(error.value) and choices in str(error.value)
