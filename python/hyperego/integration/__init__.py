"""hyperego inside other tools: ``optuna`` (a sampler), ``sklearn`` (a search with cross-validation), ``carps`` (an
optimizer for benchmarks). Each module needs its tool, which the extra of the same name brings, and is imported by itself.
"""
