hyperego_test(unit report SOURCES
  unit/report/benchmark_comparison.cpp
  unit/report/document.cpp
  unit/report/document_comparison.cpp
  unit/report/document_front.cpp
  unit/report/document_intervals.cpp
  unit/report/document_learned.cpp
  unit/report/explain.cpp
  unit/report/explain_function.cpp
  unit/report/explanation_truth.cpp
  unit/report/extrapolation.cpp
  unit/report/html.cpp
  unit/report/intervals.cpp
  unit/report/note_rates.cpp
  unit/report/suggested_trials.cpp
  unit/report/support.cpp
  unit/report/trial_table.cpp
  unit/report/worker_timeline.cpp)
target_compile_options(test_unit_report PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # see study/CMakeLists.txt
