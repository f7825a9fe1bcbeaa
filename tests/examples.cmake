# The examples: their own code, and what their programs print.
if(NOT HYPEREGO_BUILD_EXAMPLES)
  return()
endif()
add_executable(test_unit_examples unit/examples/digits.cpp)
target_link_libraries(test_unit_examples PRIVATE digits_model hyperego_test_main)
add_dependencies(library_tests test_unit_examples)
add_test(NAME unit.examples COMMAND test_unit_examples)
set_tests_properties(unit.examples PROPERTIES LABELS unit)

# hyperego_program_test(NAME PROGRAM target [INPUT text] [ARGUMENTS …] [EXPECTED file | EXPECTED_PATTERN regex])
function(hyperego_program_test name)
  cmake_parse_arguments(TEST "" "PROGRAM;INPUT;EXPECTED;EXPECTED_PATTERN" "" ${ARGN})
  add_test(NAME examples.${name} COMMAND ${CMAKE_COMMAND}
    -DPROGRAM=$<TARGET_FILE:${TEST_PROGRAM}> -DINPUT=${TEST_INPUT} -DEXPECTED=${TEST_EXPECTED}
    -DEXPECTED_PATTERN=${TEST_EXPECTED_PATTERN} -DWORK=${CMAKE_CURRENT_BINARY_DIR}/examples.${name}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/expect_output.cmake)
  set_tests_properties(examples.${name} PROPERTIES LABELS examples)
endfunction()

hyperego_program_test(digits PROGRAM train_digits
  INPUT [[{"trial":0,"seed":1,"configuration":{"pooling":"average","layers":1,"units_1":8,"activation":"tanh","optimizer":"adam","learning_rate":0.02,"l2":1e-4,"batch_size":64}}]]
  EXPECTED_PATTERN [[{"error":0[.][12][0-9]*,"inference_cost":208}]])
hyperego_program_test(ask_tell PROGRAM example_ask_tell EXPECTED ${PROJECT_SOURCE_DIR}/examples/01_ask_tell/expected_output.txt)
hyperego_program_test(importance PROGRAM example_importance EXPECTED ${PROJECT_SOURCE_DIR}/examples/02_importance/expected_output.txt)
hyperego_program_test(minimize PROGRAM example_minimize EXPECTED ${PROJECT_SOURCE_DIR}/examples/03_minimize/expected_output.txt)

# Studies of programs that are not ours: a handful of trials each.
function(hyperego_study_test name trials)
  add_test(NAME examples.${name} COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:hyperego>
    -DSTUDY=${PROJECT_SOURCE_DIR}/examples/${name}/study.json -DTRIALS=${trials} -DWORK=${CMAKE_CURRENT_BINARY_DIR}/examples.${name}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/run_study.cmake)
  set_tests_properties(examples.${name} PROPERTIES LABELS examples ENVIRONMENT "OMP_WAIT_POLICY=passive")
endfunction()
find_program(HYPEREGO_PYTHON3 python3)
if(HYPEREGO_PYTHON3)
  hyperego_study_test(python_script 4)
endif()
hyperego_study_test(shell_command 6)
hyperego_study_test(compiler_flags 3)
