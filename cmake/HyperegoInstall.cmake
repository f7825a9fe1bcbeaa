include(CMakePackageConfigHelpers)

get_property(rooms GLOBAL PROPERTY HYPEREGO_ROOMS)
install(TARGETS ${rooms} hyperego_hyperego
  EXPORT hyperegoTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT hyperegoTargets NAMESPACE hyperego:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hyperego)
configure_package_config_file(cmake/hyperegoConfig.cmake.in "${CMAKE_BINARY_DIR}/hyperegoConfig.cmake"
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hyperego)
write_basic_package_version_file("${CMAKE_BINARY_DIR}/hyperegoConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_BINARY_DIR}/hyperegoConfig.cmake" "${CMAKE_BINARY_DIR}/hyperegoConfigVersion.cmake"
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hyperego)

# The licences: ours, and those of the scripts that every report carries inside.
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY third_party/echarts/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/echarts FILES_MATCHING
  PATTERN LICENSE PATTERN NOTICE PATTERN "licenses/*")
# What editors check studies and suites by.
file(GLOB schemas CONFIGURE_DEPENDS docs/*.schema.json)
install(FILES ${schemas} DESTINATION ${CMAKE_INSTALL_DATADIR}/hyperego)
