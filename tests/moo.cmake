hyperego_test(unit moo SOURCES
  unit/moo/acquisition_maximizer.cpp
  unit/moo/expected_improvement.cpp
  unit/moo/scalarization.cpp)
