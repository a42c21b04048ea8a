import json
import os
import shutil
from pathlib import Path

import pytest

from models.engines import registry
from models.engines.conversion import convert, converted_folder, prepare
from models.errors import ModelNotFetched, UnknownModel, UnsupportedModel


def test_unknown_model_names_the_choices():
    with pytest.raises(UnknownModel) as error:
        registry.resolve("opus")
    assert "embedded" in str(error.value) and "Helsinki-NLP/opus-mt-ar-en" in str(error.value)


@pytest.mark.parametrize("name", registry.PUBLIC)
def test_a_public_model_that_is_not_here_gives_the_command_that_fetches_it(name, tmp_path, monkeypatch):
    with pytest.raises(ModelNotFetched) as error:
        registry.resolve(name, tmp_path, registry.PUBLIC[name].task)
    assert f"python -m service model get {name} --cache {tmp_path}" in str(error.value)
    assert registry.PUBLIC[name].revision and registry.PUBLIC[name].licence


def test_a_fetched_public_model_is_found_by_name(model_folder, tmp_path):
    name = next(iter(registry.PUBLIC))
    shutil.copytree(model_folder, registry.fetched_folder(name, tmp_path))
    assert registry.resolve(name, tmp_path) == registry.fetched_folder(name, tmp_path)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda f: (f / "source.spm").unlink(), "lacks source.spm"),
        (lambda f: (f / "model.safetensors").rename(f / "pytorch_model.bin"), "pickled ones are never read"),
        (lambda f: (f / "config.json").write_text('{"model_type": "t5"}'), "'t5'"),
        (lambda f: (f / "config.json").write_text('{"model_type": "bart"}'), "max_position_embeddings"),
        (lambda f: (f / "config.json").write_text("{"), "is not JSON"),
        (lambda f: (f / "tokenizer_config.json").write_text('{"separate_vocabs": true}'), "separate vocabularies"),
        (lambda f: (f / "config.json").write_text("[]"), "JSON object"),
    ],
)
def test_a_folder_that_cannot_be_used_says_why(spoil, told, model_folder, tmp_path):
    folder = Path(shutil.copytree(model_folder, tmp_path / "model"))
    spoil(folder)
    with pytest.raises(UnsupportedModel) as error:
        registry.resolve(str(folder), tmp_path)
    assert told in str(error.value)


def test_unchanged_files_are_hashed_once(model_folder, tmp_path, monkeypatch):
    copy = shutil.copytree(model_folder, tmp_path / "another-name")
    known = registry.content_hash(copy)
    with monkeypatch.context() as patched:
        patched.setattr(registry.hashlib, "file_digest", lambda *_: pytest.fail("read again"))
        assert registry.content_hash(copy) == known
    os.utime(copy / "vocab.json", (1, 1))  # a file of another time is read again
    assert registry.content_hash(copy) == known


def test_content_hash_follows_the_content_not_the_name(model_folder, tmp_path):
    copy = Path(shutil.copytree(model_folder, tmp_path / "other"))
    assert registry.content_hash(copy) == registry.content_hash(model_folder)
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "scale_embedding": True}))
    assert registry.content_hash(copy) != registry.content_hash(model_folder)


def test_a_conversion_appears_whole_or_not_at_all(model_folder, tmp_path):
    target = converted_folder(model_folder, tmp_path, "int8")
    with pytest.raises(RuntimeError), registry.written_whole(target) as temporary:
        (temporary / "model.bin").write_bytes(b"half")
        raise RuntimeError("killed")
    assert not target.exists() and not list(target.parent.iterdir())
    (target.parent / ".half-written").mkdir()
    assert convert(model_folder, tmp_path, "int8") == target
    assert (target / "model.bin").is_file()
    before = os.stat(target / "model.bin").st_mtime_ns
    assert prepare(model_folder, tmp_path, "int8") == target
    assert os.stat(target / "model.bin").st_mtime_ns == before, "it is converted once"


def test_what_a_kill_left_is_removed_and_what_another_is_filling_stays(tmp_path):
    left, other = tmp_path / ".model-12345678.part", tmp_path / ".model-of-another"
    for folder in (left / "weights", other):
        folder.mkdir(parents=True)
    with registry.written_whole(tmp_path / "model") as one, registry.written_whole(tmp_path / "model") as two:
        assert one.is_dir() and two.is_dir() and other.is_dir() and not left.exists()


def test_a_conversion_takes_the_place_of_older_ones_of_the_same_content(model_folder, tmp_path):
    target = converted_folder(model_folder, tmp_path, "int8")
    old, young = (target.with_name(f"{target.name}{number}") for number in (0, 1))
    other = converted_folder(model_folder, tmp_path, "float32")
    for folder in (old, young, other):
        folder.mkdir(parents=True)
        (folder / "model.bin").write_bytes(b"weights")
    for folder in (old, other):
        os.utime(folder, (1, 1))
    with (old / "model.bin").open("rb") as reading:
        convert(model_folder, tmp_path, "int8")
        assert reading.read() == b"weights"
    assert set(target.parent.iterdir()) == {target, young, other}, "what another process may just be opening stays"
