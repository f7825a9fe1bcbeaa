#include <hyperego/study/resource_shortage.hpp>

#include <cerrno>
#include <system_error>

namespace hyperego {
namespace {

std::string remedy(int error) {
  switch (error) {
    case EMFILE:
      return "close files, raise the limit (ulimit -n) or take fewer --workers";
    case ENFILE:
      return "the whole machine has no file left; end other programs";
    case EAGAIN:
      return "end other programs, raise the limit (ulimit -u) or take fewer --workers";
    default:
      return "end other programs or take fewer --workers";
  }
}

}  // namespace

bool is_shortage(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == EAGAIN || error == ENOMEM;
}

void fail_to_get(const std::string& where, const std::string& what, int error) {
  const std::string message = what + ": " + std::generic_category().message(error);
  if (is_shortage(error)) throw ResourceShortage(where, message + "; " + remedy(error));
  throw Error(where, message);
}

}  // namespace hyperego
