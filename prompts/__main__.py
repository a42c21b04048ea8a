"""`python -m prompts` lists the prompts: name, version, hash, purpose, variables and limits."""

import prompts

for name in prompts.names():
    prompt = prompts.load(name)
    limits = "; ".join(map(str, prompt.limits))
    print(f"{prompt.name} {prompt.version}  {prompt.fingerprint[:12]}  {prompt.purpose}")
    print(f"    variables: {', '.join(prompt.variables)}; limits: {limits}")
