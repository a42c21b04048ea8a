#!/usr/bin/env bash
# Writes the lock of each set NAME.in, every package with its hashes: NAME.txt. And ../requirements.txt: the whole set for
# those who install by hand, without hashes, because torch (whose build is the machine's matter) stands in it.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() {
    "${UV:-.venv/bin/uv}" pip compile --quiet --universal --python-version 3.11 --no-annotate \
        --custom-compile-command "make lock" "$@"
}
lock --generate-hashes requirements/dev.in -o requirements/dev.txt
for name in serve batch ray full bench; do
    lock --generate-hashes --constraint requirements/dev.txt "requirements/$name.in" -o "requirements/$name.txt"
done
{
    echo "# Everything that Mujaz runs with, public models included; made by \`make lock\` from requirements/full.in."
    lock --no-header --constraint requirements/dev.txt requirements/full.in
    cat requirements/torch.txt
} > requirements.txt
