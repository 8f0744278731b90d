"""How fast the shopper's page is beside named peers, measured in one run: ``make bench``."""
