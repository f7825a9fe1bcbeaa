hyperego_test(unit surrogate SOURCES
  unit/surrogate/gaussian_process.cpp
  unit/surrogate/gaussian_process_blends.cpp
  unit/surrogate/gaussian_process_path.cpp
  unit/surrogate/gaussian_process_surrogate.cpp
  unit/surrogate/input_encoding.cpp
  unit/surrogate/kernel.cpp
  unit/surrogate/model_scale.cpp
  unit/surrogate/prior.cpp
  unit/surrogate/random_forest.cpp
  unit/surrogate/target_transform.cpp)
hyperego_test(golden surrogate SOURCES golden/surrogate/gaussian_process.cpp)
hyperego_test(property surrogate SOURCES
  property/surrogate/closed_form_ablation.cpp
  property/surrogate/random_forest_blends.cpp
  property/surrogate/random_forest_games.cpp
  LINK hyperego::shapley)
