# Rules about the sources themselves, and the installation as a user of find_package sees it.
add_test(NAME house.rules COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -P ${CMAKE_CURRENT_SOURCE_DIR}/house/rules.cmake)
add_test(NAME house.rules_can_fail COMMAND ${CMAKE_COMMAND} -DWORK=${CMAKE_CURRENT_BINARY_DIR}/house
  -P ${CMAKE_CURRENT_SOURCE_DIR}/house/rules_can_fail.cmake)
set_tests_properties(house.rules house.rules_can_fail PROPERTIES LABELS house)

if(NOT HYPEREGO_SANITIZE AND NOT HYPEREGO_COVERAGE)
  add_test(NAME consumer.find_package COMMAND ${CMAKE_COMMAND}
    -DBUILD=${PROJECT_BINARY_DIR} -DWORK=${CMAKE_CURRENT_BINARY_DIR}/consumer -DVERSION=${PROJECT_VERSION}
    -DCOMPILER=${CMAKE_CXX_COMPILER} -DLAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER} -DGENERATOR=${CMAKE_GENERATOR}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/consumer/run.cmake)
  set_tests_properties(consumer.find_package PROPERTIES LABELS consumer)
endif()
