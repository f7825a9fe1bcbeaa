hyperego_test(golden shapley SOURCES golden/shapley/hypershap.cpp)
