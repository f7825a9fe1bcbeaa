# Runs a study for a few trials with the built program and checks that all of them completed:
#   cmake -DPROGRAM=hyperego -DSTUDY=FILE -DTRIALS=N -DWORK=DIR -P run_study.cmake
file(REMOVE_RECURSE "${WORK}")
execute_process(COMMAND "${PROGRAM}" run "${STUDY}" --trials ${TRIALS} --out "${WORK}"
  RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE errors)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "exit code ${code}: ${errors}")
endif()
execute_process(COMMAND "${PROGRAM}" status "${WORK}" --json RESULT_VARIABLE code OUTPUT_VARIABLE status)
string(JSON completed GET "${status}" trials completed)
string(JSON front LENGTH "${status}" front)
if(NOT code EQUAL 0 OR NOT completed EQUAL TRIALS OR front EQUAL 0)
  message(FATAL_ERROR "exit code ${code}, ${completed} of ${TRIALS} trials completed, ${front} on the front: ${status}")
endif()
