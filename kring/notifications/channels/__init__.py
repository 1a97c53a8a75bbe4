"""The ways out: the only code that touches the network."""
