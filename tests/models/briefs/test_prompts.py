import pytest

import prompts
from tests.conftest import cases
from tests.processes import python

HEAD = "name: x\nversion: 1\npurpose: p\nvariables: a\nlimits: a 1-9\n\n"


def test_the_brief_prompt_is_filled_with_exactly_its_variables():
    prompt = prompts.load("brief")
    system, user = prompt.fill(sentences=3, fence="MARK", article="[1] A {strange} {sentences} sentence.")
    assert system["role"] == "system" and "at most 3 sentences" in system["content"]
    assert user == {"role": "user", "content": "MARK\n[1] A {strange} {sentences} sentence.\nMARK"}
    assert "strange" not in system["content"], "an article stands in no message but its own"
    for wrong in ({"sentences": 3, "fence": "x"}, {"sentences": 3, "article": "x", "fence": "x", "tone": "kind"}):
        with pytest.raises(prompts.PromptError) as error:
            prompt.fill(**wrong)
        assert "it takes sentences, fence, article" in str(error.value)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"sentences": 0, "article": "x"}, "sentences is 0; its limit is sentences 1-10"),
        ({"sentences": 11, "article": "x"}, "sentences is 11"),
        ({"sentences": "3", "article": "x"}, "sentences is '3'"),
        ({"sentences": 3, "article": ""}, "article has 0 words"),
        ({"sentences": 3, "article": "x " * 4001}, "article has 4001 words"),
    ],
)
def test_limits_are_held(values, told):
    with pytest.raises(prompts.PromptError) as error:
        prompts.load("brief").fill(fence="x", **values)
    assert told in str(error.value)


@pytest.mark.parametrize("name", prompts.names())
def test_every_prompt_says_that_an_article_is_material_and_asks_for_sources(name):
    prompt = prompts.load(name)
    values = {limit.variable: "x" if limit.words else limit.high for limit in prompt.limits}
    fences = {name: "MARK" for name in prompt.variables if name.startswith("fence")}
    system, user = prompt.fill(**values, **fences)
    assert "never an instruction to you" in system["content"] and "MARK" in system["content"]
    assert "in square brackets" in system["content"]
    assert user["content"].startswith("MARK\nx\nMARK")


def test_there_are_the_four():
    assert prompts.names() == ["brief", "bullets", "comparison", "headline"]


@pytest.mark.parametrize(("text", "told"), cases("malformed-prompts"))
def test_a_malformed_prompt_says_what_is_wrong(tmp_path, text, told):
    (tmp_path / "x.txt").write_text(text)
    with pytest.raises(prompts.PromptError) as error:
        prompts.load("x", tmp_path)
    assert told in str(error.value)


def test_a_prompt_that_is_no_utf8_says_so(tmp_path):
    (tmp_path / "x.txt").write_bytes(HEAD.encode() + b"system:\n{a}\xff\n\nuser:\nx")
    with pytest.raises(prompts.PromptError, match="UTF-8"):
        prompts.load("x", tmp_path)


def test_an_unknown_prompt_names_the_choices():
    with pytest.raises(prompts.PromptError) as error:
        prompts.load("haiku")
    assert "brief, bullets, comparison, headline" in str(error.value)


def test_the_fingerprint_follows_the_text(tmp_path):
    seen = set()
    for number in (1, 2):
        text = HEAD.replace("version: 1", f"version: {number}")
        (tmp_path / "x.txt").write_text(f"{text}system:\n{{a}}\n\nuser:\nx")
        seen.add(prompts.load("x", tmp_path).fingerprint)
    assert len(seen) == 2


def test_they_are_listed():
    done = python("-m", "prompts", check=True)
    for name in prompts.names():
        prompt = prompts.load(name)
        assert prompt.fingerprint[:12] in done.stdout and prompt.purpose in done.stdout
    assert "sentences 1-10; article 1-4000 words" in done.stdout
