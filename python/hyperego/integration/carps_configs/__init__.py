"""Hydra's search path for CARP-S: ``hydra.searchpath=[pkg://hyperego.integration.carps_configs]``."""
