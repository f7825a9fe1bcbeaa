hyperego_test(unit surrogate SOURCES
  unit/surrogate/gaussian_process.cpp
  unit/surrogate/kernel.cpp
  unit/surrogate/prior.cpp)
hyperego_test(golden surrogate SOURCES golden/surrogate/gaussian_process.cpp)
