"""How good the heat model is: measured on labelled strikes, and how its parameters were made."""
