"""The layers of the house: every import goes downwards, and heavy packages are imported by loaders only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# From the ground up. A module may import modules of lower layers, and of its own where OWN allows it.
LAYERS = [
    {"models.types", "models.errors", "prompts"},
    {"models.command_line"},
    {
        "models.marks",
        "models.normalize",
        "models.addresses",
        "models.broken",
        "models.joined",
        "models.figures",
        "models.loops",
        "models.wrapping",
        "models.clauses",
        "models.segment",
        "models.fidelity",
        "models.quantities",
        "models.number_words_ar",
        "models.number_words_en",
        "models.cardinals_ar",
        "models.numerals_ar",
        "models.numerals_en",
        "models.places",
        "models.skeleton",
        "models.names",
        "models.cues",
        "models.content",
        "models.opposites",
        "models.dialect",
        "models.registry",
    },
    {"models.align", "models.quoting", "models.windows", "models.terms", "models.centrality"},
    {"models.extractive", "models.support", "models.glossary", "service.config"},
    {"models.renderings"},
    {"models.spellings"},
    {"models.wording"},
    {"models.counted"},
    {"models.counterparts"},
    {"models.clashes"},
    {"models.stories"},
    {"models.abstractive"},
    {"models.chat_server"},
    {"models.chat"},
    {"models.gemma", "models.pieces"},
    {"models.batching", "models.planning", "models.conversion"},
    {"models.consensus"},
    {"models.repair"},
    {"models.translator"},
    {"models.ctranslate", "models.torch_backend"},
    {"models.seq2seq"},
    {"models.loader", "models.pipeline", "models.summarizers"},
    {"models.bulk"},
    {"service.store"},
    {"service.core", "service.comparison"},
    {"service.encodings"},
    {"service.sources"},
    {"service.rows", "service.documents"},
    {"service.readers"},
    {"service.whole", "service.names", "service.wordings"},
    {"service.tables"},
    {"service.spelling_report"},
    {"service.digest_page"},
    {"service.writers"},
    {"service.journal"},
    {"service.progress"},
    {"service.run"},
    {"service.shards"},
    {"service.estimate", "service.distributed"},
    {"service.batch", "service.digest", "service.schemas"},
    {"service.errors"},
    {"service.api", "service.web"},
    {"service"},
    {"service.__main__"},
]
OWN = {2}  # within segmentation and the checks: one room in several files
# Nothing imports these.
LEAVES = {
    "models.evaluate",
    "prompts.__main__",
    "models",
}
LEAVES |= {"models.evaluate_fidelity", "models.evaluate_kinds"}
LEAVES |= {"models.evaluate_briefs", "models.brief_sets", "models.baselines"}
LEAVES |= {"models.training", "models.training.finetune", "models.training.weights", "models.training.cut"}
HEAVY = {"ctranslate2", "torch", "transformers", "sentencepiece", "tokenizers", "huggingface_hub", "ray"}
HEAVY |= {"docx", "lxml", "pyarrow", "trafilatura"}  # of requirements/batch.txt: the served image has none of them


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


ROOMS = ("models", "models/training", "service", "prompts")
MODULES = {module_name(path): path for room in ROOMS for path in (ROOT / room).glob("*.py")}


def imports(path: Path, top_level: bool = False) -> set[str]:
    """The modules that a file imports; with `top_level`, only those imported when it is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in inner}
    return found


def level(module: str) -> int:
    return next(i for i, layer in enumerate(LAYERS) if module in layer)


def test_every_module_has_a_layer():
    assert set(MODULES) == set().union(*LAYERS) | (LEAVES & set(MODULES))


@pytest.mark.parametrize("module", sorted(set().union(*LAYERS)))
def test_imports_go_downwards(module):
    for other in imports(MODULES[module]) & set(MODULES):
        assert other not in LEAVES, f"{module} imports the leaf {other}"
        same = level(other) == level(module) and level(module) in OWN
        assert same or level(other) < level(module), f"{module} imports {other}"


def test_models_know_no_service():
    for module in MODULES:
        if module.startswith("models"):
            assert not any(name.split(".")[0] in ("service", "flask", "sqlite3") for name in imports(MODULES[module]))


def test_heavy_packages_are_imported_inside_loaders():
    for module in set(MODULES) - LEAVES:
        assert not {name.split(".")[0] for name in imports(MODULES[module], top_level=True)} & HEAVY, module


def test_only_the_config_reads_the_environment():
    for module in set(MODULES) - LEAVES:
        source = MODULES[module].read_text(encoding="utf-8")
        assert ("os.environ" in source or "os.getenv" in source) == (module == "service.config"), module
