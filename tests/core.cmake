hyperego_test(unit core SOURCES unit/core/rng.cpp unit/core/error.cpp unit/core/json_reader.cpp)
