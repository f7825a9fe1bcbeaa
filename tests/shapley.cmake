hyperego_test(unit shapley SOURCES
  unit/shapley/candidates.cpp
  unit/shapley/coalition_enumeration.cpp
  unit/shapley/decisive_blends.cpp
  unit/shapley/estimate.cpp
  unit/shapley/explanation.cpp
  unit/shapley/faithfulness.cpp
  unit/shapley/games.cpp
  unit/shapley/games_under_watch.cpp
  unit/shapley/interaction_index.cpp
  unit/shapley/known_weaknesses.cpp
  unit/shapley/moebius.cpp
  unit/shapley/selection.cpp
  unit/shapley/value_table.cpp)
hyperego_test(golden shapley SEPARATE SOURCES
  golden/shapley/hypershap.cpp
  golden/shapley/interaction_index.cpp)
hyperego_test(property shapley SOURCES
  property/shapley/blend_game.cpp
  property/shapley/estimators.cpp
  property/shapley/games.cpp
  property/shapley/index_axioms.cpp)
