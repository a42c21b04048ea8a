"""Whether a translation says what its source says. `fidelity` asks all the others; what they find becomes a flag."""
