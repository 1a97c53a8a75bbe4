"""OneRoster CSV 1.1 and 1.2 (1EdTech): a zip or its single files, bulk and delta, read by the names in the header."""
