hyperego_test(unit study SEPARATE SOURCES
  unit/study/ask_given_up.cpp
  unit/study/command_evaluator.cpp
  unit/study/earlier_studies.cpp
  unit/study/fidelity_command.cpp
  unit/study/fidelity_journal.cpp
  unit/study/fidelity_specification.cpp
  unit/study/interrupted_study.cpp
  unit/study/journal_events.cpp
  unit/study/measured_front.cpp
  unit/study/minimize.cpp
  unit/study/option_documents.cpp
  unit/study/outcome_json.cpp
  unit/study/output_file.cpp
  unit/study/powercap.cpp
  unit/study/request_id.cpp
  unit/study/resumed_study.cpp
  unit/study/run_directory.cpp
  unit/study/run_study.cpp
  unit/study/schedule.cpp
  unit/study/slurm.cpp
  unit/study/specification.cpp
  unit/study/trial_costs.cpp)
target_compile_definitions(test_unit_study PRIVATE HYPEREGO_DOCS="${PROJECT_SOURCE_DIR}/docs")
target_compile_options(test_unit_study PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # see study/CMakeLists.txt
