hyperego_test(unit yahpo_bridge SEPARATE SOURCES
  unit/yahpo_bridge/catalogue.cpp
  unit/yahpo_bridge/data_movement.cpp
  unit/yahpo_bridge/elementwise.cpp
  unit/yahpo_bridge/hostile.cpp
  unit/yahpo_bridge/interpreter.cpp
  unit/yahpo_bridge/linear.cpp
  unit/yahpo_bridge/protobuf.cpp
  unit/yahpo_bridge/reader.cpp
  unit/yahpo_bridge/scenario.cpp)
target_compile_definitions(test_unit_yahpo_bridge PRIVATE HYPEREGO_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data/yahpo_bridge")

hyperego_test(golden yahpo_bridge SOURCES
  golden/yahpo_bridge/preliminary.cpp
  golden/yahpo_bridge/surrogates.cpp)
target_compile_definitions(test_golden_yahpo_bridge PRIVATE HYPEREGO_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data/yahpo_bridge")
