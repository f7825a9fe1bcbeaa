hyperego_test(unit moo SOURCES
  unit/moo/acquisition_maximizer.cpp
  unit/moo/chebyshev_improvement.cpp
  unit/moo/expected_hypervolume_improvement.cpp
  unit/moo/expected_improvement.cpp
  unit/moo/expert_prior.cpp
  unit/moo/feasibility.cpp
  unit/moo/fidelity.cpp
  unit/moo/fitting_subset.cpp
  unit/moo/freezing_options.cpp
  unit/moo/hypervolume.cpp
  unit/moo/indicators.cpp
  unit/moo/nsga2.cpp
  unit/moo/optimizer_game.cpp
  unit/moo/pareto.cpp
  unit/moo/pareto_archive.cpp
  unit/moo/penalties.cpp
  unit/moo/preference.cpp
  unit/moo/plateaus.cpp
  unit/moo/problem.cpp
  unit/moo/embedded_problem.cpp
  unit/moo/pending.cpp
  unit/moo/problem_fronts.cpp
  unit/moo/repeats.cpp
  unit/moo/reversion.cpp
  unit/moo/freeze_after.cpp
  unit/moo/scalarization.cpp
  unit/moo/offspring.cpp
  unit/moo/turns.cpp
  unit/moo/simplex_lattice.cpp)
hyperego_test(property moo SOURCES
  property/moo/hypervolume.cpp
  property/moo/optimizers.cpp
  property/moo/pareto.cpp)
hyperego_test(golden moo SOURCES
  golden/moo/indicators.cpp
  golden/moo/problems.cpp)
