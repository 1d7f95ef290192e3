"""Loading: what analysis rests on, out of the database into arrays, one statement a layer."""
