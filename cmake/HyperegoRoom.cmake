# One include root for the build tree: <hyperego/ROOM/file.hpp> through one link per room.
set(HYPEREGO_INCLUDE_ROOT "${CMAKE_BINARY_DIR}/include")
file(MAKE_DIRECTORY "${HYPEREGO_INCLUDE_ROOT}/hyperego")

add_library(hyperego_build_flags INTERFACE)
target_compile_options(hyperego_build_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  # False alarms of GCC 12 about std::string at -O3 (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${HYPEREGO_WERROR}>:-Werror>)
# Where OpenMP is on, Eigen would split its products over threads: results must not depend on how many there are. For every
# room at once, because Eigen's inline functions are weak symbols.
target_compile_definitions(hyperego_build_flags INTERFACE EIGEN_DONT_PARALLELIZE)
if(HYPEREGO_SANITIZE)
  target_compile_options(hyperego_build_flags INTERFACE -fsanitize=${HYPEREGO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(hyperego_build_flags INTERFACE -fsanitize=${HYPEREGO_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(hyperego_build_flags INTERFACE -fsanitize-ignorelist=${CMAKE_CURRENT_LIST_DIR}/sanitizer-ignorelist.txt)
  endif()
endif()
if(HYPEREGO_COVERAGE)
  target_compile_options(hyperego_build_flags INTERFACE --coverage)
  target_link_options(hyperego_build_flags INTERFACE --coverage)
endif()

# hyperego_room(NAME SOURCES … HEADERS … [PUBLIC targets…] [PRIVATE targets…])
# HEADERS are installed and make up <hyperego/hyperego.hpp>; those in detail/ (a public header needs them) are installed only.
function(hyperego_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;HEADERS;PUBLIC;PRIVATE" ${ARGN})
  set(target hyperego_${name})
  if(NOT EXISTS "${HYPEREGO_INCLUDE_ROOT}/hyperego/${name}")
    file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${HYPEREGO_INCLUDE_ROOT}/hyperego/${name}" SYMBOLIC)
  endif()
  add_library(${target} STATIC ${ROOM_SOURCES})
  add_library(hyperego::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  list(TRANSFORM ROOM_HEADERS PREPEND "${HYPEREGO_INCLUDE_ROOT}/hyperego/${name}/" OUTPUT_VARIABLE headers)
  list(FILTER ROOM_HEADERS EXCLUDE REGEX "(^|/)detail/")
  list(TRANSFORM ROOM_HEADERS PREPEND "hyperego/${name}/")
  set_property(GLOBAL APPEND PROPERTY HYPEREGO_PUBLIC_HEADERS ${ROOM_HEADERS})
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${HYPEREGO_INCLUDE_ROOT}" FILES ${headers})
  target_compile_features(${target} PUBLIC cxx_std_20)
  # Public headers show Eigen, whose memory layout follows the -m flags in force: what a library built without AVX allocates, a
  # caller built with it would free in another way. Asking for the widest alignment there is makes it the same for everybody
  # (asking for the narrowest does not: Eigen then still allocates by its own ideal).
  target_compile_definitions(${target} PUBLIC EIGEN_MAX_ALIGN_BYTES=64)
  target_link_libraries(${target} PUBLIC ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE} $<BUILD_INTERFACE:hyperego_build_flags>)
  set_property(GLOBAL APPEND PROPERTY HYPEREGO_ROOMS ${target})
endfunction()

# hyperego_kernel(TARGET file.cpp …): hot translation units, compiled once per instruction set.
#
# Such a file has plain pointers in its signatures and puts its functions into `namespace hyperego::HYPEREGO_ISA`, a macro that is
# `generic`, `x86_64_v3` or `x86_64_v4`; the caller dispatches on hyperego::instruction_set() (core/instruction_set.hpp).
# Eigen is renamed per instruction set as well: its inline functions are weak symbols, and the linker would otherwise be free to
# keep the AVX-512 copy for everybody. Kernels are optimised in every build type; a bench in a Debug build should not mislead.
function(hyperego_kernel target)
  set(variants "generic:")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    list(APPEND variants "x86_64_v3:-march=x86-64-v3" "x86_64_v4:-march=x86-64-v4$<SEMICOLON>-mprefer-vector-width=512")
  endif()
  foreach(file IN LISTS ARGN)
    get_filename_component(stem "${file}" NAME_WE)
    foreach(variant IN LISTS variants)
      string(REGEX MATCH "^([^:]*):(.*)$" _ "${variant}")
      set(isa "${CMAKE_MATCH_1}")
      set(flags "${CMAKE_MATCH_2}")
      set(object ${target}_${stem}_${isa})
      add_library(${object} OBJECT "${file}")
      target_compile_features(${object} PRIVATE cxx_std_20)
      target_compile_definitions(${object} PRIVATE HYPEREGO_ISA=${isa} Eigen=Eigen_${isa})
      target_compile_options(${object} PRIVATE ${flags} -O3 -fno-math-errno -fno-trapping-math -ffp-contract=fast
        "$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-uninitialized>")  # false alarms from GCC's own AVX-512 intrinsics (PR 105593)
      target_include_directories(${object} PRIVATE "${HYPEREGO_INCLUDE_ROOT}")
      target_include_directories(${object} SYSTEM PRIVATE ${EIGEN3_INCLUDE_DIRS})
      target_link_libraries(${object} PRIVATE hyperego_build_flags)
      set_target_properties(${object} PROPERTIES UNITY_BUILD OFF)
      target_sources(${target} PRIVATE $<TARGET_OBJECTS:${object}>)
    endforeach()
  endforeach()
endfunction()
