#include <hyperego/core/version.hpp>

namespace hyperego {

std::string_view version() { return HYPEREGO_VERSION; }

}  // namespace hyperego
