"""Speed beside what a user would pick instead, on identical weights. `python -m benchmarks --help`; see README.md."""
