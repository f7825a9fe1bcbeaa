// The whole public interface of hyperego. Each room can be included on its own: <hyperego/moo/hypervolume.hpp> and so on.
#pragma once
