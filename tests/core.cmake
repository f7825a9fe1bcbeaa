hyperego_test(unit core SOURCES
  unit/core/blend.cpp
  unit/core/configspace_json.cpp
  unit/core/error.cpp
  unit/core/fidelity.cpp
  unit/core/forbidden_relations.cpp
  unit/core/hyperparameter.cpp
  unit/core/journal.cpp
  unit/core/json_reader.cpp
  unit/core/legal_count.cpp
  unit/core/number_text.cpp
  unit/core/option.cpp
  unit/core/parallel.cpp
  unit/core/progress.cpp
  unit/core/quantised_domain.cpp
  unit/core/non_finite_json.cpp
  unit/core/rank_correlation.cpp
  unit/core/rng.cpp
  unit/core/search_space.cpp
  unit/core/slice.cpp
  unit/core/trial.cpp
  unit/core/utf8.cpp
  unit/core/value.cpp
  unit/core/value_index.cpp)
hyperego_test(golden core SOURCES golden/core/quantised.cpp golden/core/spaces.cpp)
hyperego_test(property core SEPARATE SOURCES
  property/core/blend.cpp
  property/core/sobol.cpp
  property/core/space.cpp)
