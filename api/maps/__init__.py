"""Maps: spaces where they are, with what was seen to happen there."""
