"""The model: phones, networks and every fault there is, in random order, held to seven claims."""
