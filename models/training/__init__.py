"""How the embedded model was made, to make it again: cut a vocabulary, fine-tune, write int8 weights. Nothing served
imports this."""
