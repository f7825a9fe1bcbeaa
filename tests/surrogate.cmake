hyperego_test(unit surrogate SOURCES
  unit/surrogate/fidelity_kernel.cpp
  unit/surrogate/gaussian_process.cpp
  unit/surrogate/gaussian_process_blends.cpp
  unit/surrogate/gaussian_process_path.cpp
  unit/surrogate/gaussian_process_surrogate.cpp
  unit/surrogate/input_encoding.cpp
  unit/surrogate/kernel.cpp
  unit/surrogate/linear_functionals.cpp
  unit/surrogate/model_scale.cpp
  unit/surrogate/parameter_draws.cpp
  unit/surrogate/prior.cpp
  unit/surrogate/random_forest.cpp
  unit/surrogate/relevance_test.cpp
  unit/surrogate/target_reach.cpp
  unit/surrogate/target_transform.cpp
  unit/surrogate/total_sensitivity.cpp)
hyperego_test(golden surrogate SOURCES golden/surrogate/gaussian_process.cpp)
hyperego_test(property surrogate SOURCES
  property/surrogate/closed_form_ablation.cpp
  property/surrogate/random_forest_blends.cpp
  property/surrogate/random_forest_games.cpp
  LINK hyperego::shapley)
