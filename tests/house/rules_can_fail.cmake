# Plants one breach of every rule in a small tree of its own and demands that rules.cmake names it: cmake -DWORK=DIR -P …
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE "${WORK}")
file(WRITE "${WORK}/docs/architecture.md" [[
| room | what lives there | may include |
|---|---|---|
| `core/` | the ground | – |
| `shapley/` | games | core |
| `moo/` | search | core, shapley |
| `cli/` | the program | all above |

| wing | what lives there | may include |
|---|---|---|
| `moo/front/` | fronts | – |
| `moo/loop/` | the loop | front |
]])

function(demand_breach file text expected)
  file(WRITE "${WORK}/${file}" "${text}")
  execute_process(COMMAND ${CMAKE_COMMAND} -DROOT=${WORK} -P ${CMAKE_CURRENT_LIST_DIR}/rules.cmake
    ERROR_VARIABLE messages OUTPUT_QUIET RESULT_VARIABLE status)
  file(REMOVE "${WORK}/${file}")
  string(REGEX REPLACE "[ \n]+" " " messages "${messages}")
  string(FIND "${messages}" "${expected}" found)
  if(status EQUAL 0 OR found LESS 0)
    message(FATAL_ERROR "the breach '${expected}' went unnoticed:\n${messages}")
  endif()
endfunction()

function(demand_peace file text)
  file(WRITE "${WORK}/${file}" "${text}")
  execute_process(COMMAND ${CMAKE_COMMAND} -DROOT=${WORK} -P ${CMAKE_CURRENT_LIST_DIR}/rules.cmake
    ERROR_VARIABLE messages OUTPUT_QUIET RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "a lawful tree was refused:\n${messages}")
  endif()
endfunction()

foreach(room core shapley moo cli)
  file(WRITE "${WORK}/${room}/CMakeLists.txt" "hyperego_room(${room} SOURCES a.cpp b.cpp HEADERS a.hpp b.hpp)\n")
endforeach()
demand_peace(core/a.hpp "#include <vector>\n#include <Eigen/Core>\n#include <nlohmann/json_fwd.hpp>\n")
demand_peace(core/a.cpp "#include <hyperego/core/a.hpp>\n#include <nlohmann/json.hpp>\n#include <hyperego/core/detail/x.hpp>\n")
demand_peace(moo/a.cpp "#include <hyperego/shapley/a.hpp>\n")
file(WRITE "${WORK}/moo/CMakeLists.txt" "hyperego_room(moo SOURCES a.cpp b.cpp front/a.cpp loop/a.cpp back/a.cpp HEADERS a.hpp b.hpp)\n")
demand_peace(moo/loop/a.cpp "#include <hyperego/moo/front/detail/a.hpp>\n#include <hyperego/moo/loop/b.hpp>\n")
demand_breach(moo/front/a.cpp "#include <hyperego/moo/loop/a.hpp>\n" "moo/front must not know moo/loop")
demand_breach(moo/back/a.cpp "#include <hyperego/moo/front/a.hpp>\n" "moo/back/ is not in the table of wings")
demand_breach(cli/a.cpp "#include <hyperego/moo/front/detail/a.hpp>\n" "private to moo")
demand_peace(cli/a.cpp "#include <hyperego/moo/a.hpp>\n")

demand_breach(core/b.cpp "#include <hyperego/moo/a.hpp>\n" "core must not know moo")
demand_breach(shapley/b.cpp "  # include <hyperego/moo/a.hpp>\n" "shapley must not know moo")
demand_breach(moo/b.cpp "#include <hyperego/cli/a.hpp>\n" "moo must not know cli")
demand_breach(moo/b.cpp "#include <hyperego/core/detail/x.hpp>\n" "private to core")
demand_breach(moo/b.cpp "#include \"a.hpp\"\n" "write <hyperego/moo/")
demand_breach(moo/b.cpp "#include <hyperego/hyperego.hpp>\n" "include what is used from its room")
demand_breach(moo/b.hpp "#include <nlopt.h>\n" "a public header shows Eigen")
demand_breach(moo/b.hpp "#include <nlohmann/json.hpp>\n" "a public header shows Eigen")
demand_breach(moo/b.hpp "#include <boost/random/sobol.hpp>\n" "a public header shows Eigen")
demand_breach(moo/forgotten.hpp "\n" "moo/forgotten.hpp: not listed")
demand_breach(moo/forgotten.cpp "\n" "moo/forgotten.cpp: not listed")
demand_breach(moo/b.cpp "#pragma omp parallel for reduction(+ : sum)\n" "an OpenMP reduction")
demand_breach(tests/test_utils.hpp "\n" "tests/test_utils.hpp: the name says nothing")
demand_breach(cli/helpers/b.md "\n" "cli/helpers: the name says nothing")
message(STATUS "every planted breach was found")
