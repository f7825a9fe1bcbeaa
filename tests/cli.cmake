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

hyperego_cli_test(program SOURCES cli/bad_input.cpp cli/golden.cpp cli/study.cpp)
hyperego_cli_test(crash SOURCES cli/crash.cpp)
hyperego_cli_test(benchmark SOURCES cli/benchmark.cpp)
