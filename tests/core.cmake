hyperego_test(unit core SOURCES
  unit/core/error.cpp
  unit/core/hyperparameter.cpp
  unit/core/json_reader.cpp
  unit/core/rng.cpp
  unit/core/search_space.cpp
  unit/core/trial.cpp
  unit/core/value.cpp)
