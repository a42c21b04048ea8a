"""`python -m prompts` lists the prompts, their versions and hashes."""

import prompts

for name in prompts.names():
    prompt = prompts.load(name)
    print(f"{prompt.name} {prompt.version}  {prompt.digest[:12]}  {prompt.purpose} ({', '.join(prompt.variables)})")
