"""An arriving message: unwrapped, freed of its secret, read and stored once."""
