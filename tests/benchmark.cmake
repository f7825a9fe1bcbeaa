hyperego_test(unit benchmark SOURCES
  unit/benchmark/competitor.cpp
  unit/benchmark/curves_page.cpp
  unit/benchmark/paired_bootstrap.cpp
  unit/benchmark/performance_profile.cpp
  unit/benchmark/rank_statistics.cpp
  unit/benchmark/run_measures.cpp
  unit/benchmark/suite.cpp
  unit/benchmark/task_subset.cpp)
target_compile_options(test_unit_benchmark PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # see study/CMakeLists.txt
