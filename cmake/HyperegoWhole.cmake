# hyperego::hyperego is every room at once, with the umbrella header.
file(COPY_FILE "${CMAKE_CURRENT_SOURCE_DIR}/cmake/hyperego.hpp" "${HYPEREGO_INCLUDE_ROOT}/hyperego/hyperego.hpp" ONLY_IF_DIFFERENT)
add_library(hyperego_hyperego INTERFACE)
add_library(hyperego::hyperego ALIAS hyperego_hyperego)
set_target_properties(hyperego_hyperego PROPERTIES EXPORT_NAME hyperego)
target_sources(hyperego_hyperego INTERFACE FILE_SET HEADERS
  BASE_DIRS "${HYPEREGO_INCLUDE_ROOT}" FILES "${HYPEREGO_INCLUDE_ROOT}/hyperego/hyperego.hpp")
get_property(rooms GLOBAL PROPERTY HYPEREGO_ROOMS)
target_link_libraries(hyperego_hyperego INTERFACE ${rooms})
