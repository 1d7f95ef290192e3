"""What every test may ask for: the application on a real database, a network with its members."""

pytest_plugins = [
    "tests.fixtures.cluster",
    "tests.fixtures.application",
    "tests.fixtures.networks",
    "tests.fixtures.node",
]
