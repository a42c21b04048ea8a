import subprocess
import sys

import pytest

import prompts
from models.registry import ROOT


def test_the_brief_prompt_is_filled_with_exactly_its_variables():
    prompt = prompts.load("brief")
    text = prompt.fill(sentences=3, article="[0] A {strange} sentence.")
    assert "at most 3 sentences" in text and "[0] A {strange} sentence." in text
    for wrong in ({"sentences": 3}, {"sentences": 3, "article": "x", "tone": "kind"}):
        with pytest.raises(prompts.PromptError) as error:
            prompt.fill(**wrong)
        assert "it takes sentences, article" in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: x\nversion: 1\npurpose: p\nvariables: a\n\n{a} {b}", "uses a, b"),
        ("name: x\nversion: 1\npurpose: p\nvariables: a, b\n\n{a}", "declares a, b"),
        ("name: y\nversion: 1\npurpose: p\nvariables: a\n\n{a}", "header"),
        ("just text {a}", "header"),
    ],
)
def test_a_malformed_prompt_says_what_is_wrong(tmp_path, text, told):
    (tmp_path / "x.txt").write_text(text)
    with pytest.raises(prompts.PromptError) as error:
        prompts.load("x", tmp_path)
    assert told in str(error.value)


def test_an_unknown_prompt_names_the_choices():
    with pytest.raises(prompts.PromptError) as error:
        prompts.load("haiku")
    assert "brief" in str(error.value)


def test_the_digest_follows_the_text(tmp_path):
    digests = set()
    for number in (1, 2):
        (tmp_path / "x.txt").write_text(f"name: x\nversion: {number}\npurpose: p\nvariables: a\n\n{{a}}")
        digests.add(prompts.load("x", tmp_path).digest)
    assert len(digests) == 2


def test_they_are_listed():
    done = subprocess.run([sys.executable, "-m", "prompts"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert prompts.load("brief").digest[:12] in done.stdout
