# These drive the built program.
function(hyperego_cli_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES" ${ARGN})
  set(target test_cli_${name})
  add_executable(${target} ${TEST_SOURCES})
  target_link_libraries(${target} PRIVATE hyperego::study hyperego_test_main)
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # see study/CMakeLists.txt
  target_compile_definitions(${target} PRIVATE HYPEREGO_PROGRAM="$<TARGET_FILE:hyperego>")
  add_dependencies(${target} hyperego)
  add_test(NAME cli.${name} COMMAND ${target})
  set_tests_properties(cli.${name} PROPERTIES LABELS cli)
endfunction()

hyperego_cli_test(program SOURCES cli/bad_input.cpp cli/golden.cpp cli/report.cpp cli/study.cpp)
hyperego_cli_test(import SOURCES cli/import.cpp)
target_compile_definitions(test_cli_import PRIVATE HYPEREGO_IMPORT_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data/import")
hyperego_cli_test(large SOURCES cli/large_spaces.cpp)
hyperego_cli_test(hostile SOURCES cli/hostile_names.cpp)
hyperego_cli_test(crash SOURCES cli/crash.cpp)
hyperego_cli_test(fidelity SOURCES cli/fidelity.cpp)
hyperego_cli_test(processes SOURCES cli/processes.cpp)
hyperego_cli_test(benchmark SOURCES cli/benchmark.cpp)
hyperego_cli_test(faults SOURCES cli/faults.cpp)
if(NOT HYPEREGO_SANITIZE)
  enable_language(C)
  add_library(hyperego_faulty_files MODULE faults/faulty_files.c)
  target_link_libraries(hyperego_faulty_files PRIVATE ${CMAKE_DL_LIBS})
  add_dependencies(test_cli_faults hyperego_faulty_files)
  set(faulty_files $<TARGET_FILE:hyperego_faulty_files>)
endif()
target_compile_definitions(test_cli_faults PRIVATE HYPEREGO_FAULTY_FILES="${faulty_files}"
  HYPEREGO_STUDY_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data/study")
hyperego_cli_test(outputs SOURCES cli/outputs.cpp)
target_compile_definitions(test_cli_outputs PRIVATE HYPEREGO_DOCS="${PROJECT_SOURCE_DIR}/docs")
hyperego_cli_test(progress SOURCES cli/progress.cpp)
hyperego_cli_test(serve SOURCES cli/serve.cpp)
hyperego_cli_test(slurm SOURCES cli/slurm.cpp)
target_compile_definitions(test_cli_slurm PRIVATE HYPEREGO_SLURM_CONTROL="${CMAKE_CURRENT_SOURCE_DIR}/slurm/cluster")

# Parts of the program itself.
add_executable(test_unit_cli
  unit/cli/status_table.cpp
  unit/cli/terminal.cpp
  unit/cli/watched_work.cpp
  ${PROJECT_SOURCE_DIR}/cli/interruption.cpp
  ${PROJECT_SOURCE_DIR}/cli/memory_remedy.cpp
  ${PROJECT_SOURCE_DIR}/cli/output.cpp
  ${PROJECT_SOURCE_DIR}/cli/progress.cpp
  ${PROJECT_SOURCE_DIR}/cli/status_table.cpp
  ${PROJECT_SOURCE_DIR}/cli/terminal.cpp
  ${PROJECT_SOURCE_DIR}/cli/watched_work.cpp)
set_target_properties(test_unit_cli PROPERTIES UNITY_BUILD OFF)
target_link_libraries(test_unit_cli PRIVATE hyperego::study hyperego_test_main CLI11::CLI11 fmt::fmt)
target_include_directories(test_unit_cli PRIVATE "${PROJECT_SOURCE_DIR}")
target_compile_options(test_unit_cli PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
add_dependencies(library_tests test_unit_cli)
add_test(NAME unit.cli COMMAND test_unit_cli)
set_tests_properties(unit.cli PROPERTIES LABELS unit)

# Reports in headless Chromium; the script installs what that needs.
add_test(NAME browser.report COMMAND ${PROJECT_SOURCE_DIR}/scripts/report-test $<TARGET_FILE:hyperego>)
set_tests_properties(browser.report PROPERTIES LABELS browser TIMEOUT 900)
