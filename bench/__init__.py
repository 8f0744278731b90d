"""How fast the service is beside named peers, measured in one run: ``make bench``."""
