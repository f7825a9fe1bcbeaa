hyperego_test(unit imports SOURCES
  unit/imports/cells.cpp
  unit/imports/delimited_text.cpp
  unit/imports/formats.cpp
  unit/imports/imported_study.cpp
  unit/imports/objective_columns.cpp
  unit/imports/space_inference.cpp
  unit/imports/tables.cpp)
target_compile_options(test_unit_imports PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # see study/CMakeLists.txt
target_compile_definitions(test_unit_imports PRIVATE HYPEREGO_IMPORT_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data/import")
# False alarms of GCC 12 about a std::variant of strings that is moved (GCC bug 80635).
target_compile_options(test_unit_imports PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
