hyperego_test(golden shapley SOURCES golden/shapley/interaction_index.cpp)
