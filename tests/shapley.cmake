hyperego_test(golden shapley SOURCES golden/shapley/hypershap.cpp)
hyperego_test(property shapley SOURCES property/shapley/games.cpp)
