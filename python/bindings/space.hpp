#pragma once

#include <hyperego/core/search_space.hpp>

#include <memory>

namespace hyperego::python {

/// What hyperego._core.SearchSpace holds; hyperego.Space has one as `core`.
struct BoundSpace {
  std::shared_ptr<const SearchSpace> space;
};

}  // namespace hyperego::python
