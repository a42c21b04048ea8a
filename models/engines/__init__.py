"""From a model's name to something that decodes pieces: its files, how it spells, and the backends.

Another engine implements `batching.Engine`; `translation/loader.py` chooses it. A kind of model is declared in
`registry.ARCHITECTURES`, spelt in `pieces`, and turned into CTranslate2's form by a module such as `bart`.
"""
