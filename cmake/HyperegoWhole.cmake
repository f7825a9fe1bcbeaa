# hyperego::hyperego is every room at once, with an umbrella header made from the rooms' lists of public headers.
get_property(headers GLOBAL PROPERTY HYPEREGO_PUBLIC_HEADERS)
list(TRANSFORM headers REPLACE "(.+)" "#include <\\1>")
list(JOIN headers "\n" HYPEREGO_INCLUDES)
configure_file("${CMAKE_CURRENT_SOURCE_DIR}/cmake/hyperego.hpp.in" "${HYPEREGO_INCLUDE_ROOT}/hyperego/hyperego.hpp" @ONLY)
add_library(hyperego_hyperego INTERFACE)
add_library(hyperego::hyperego ALIAS hyperego_hyperego)
set_target_properties(hyperego_hyperego PROPERTIES EXPORT_NAME hyperego)
target_sources(hyperego_hyperego INTERFACE FILE_SET HEADERS
  BASE_DIRS "${HYPEREGO_INCLUDE_ROOT}" FILES "${HYPEREGO_INCLUDE_ROOT}/hyperego/hyperego.hpp")
get_property(rooms GLOBAL PROPERTY HYPEREGO_ROOMS)
target_link_libraries(hyperego_hyperego INTERFACE ${rooms})
