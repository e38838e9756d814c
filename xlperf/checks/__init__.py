"""What must hold: the rules by family, one generator function each, and what a rule is."""
