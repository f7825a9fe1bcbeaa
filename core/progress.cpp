#include <hyperego/core/progress.hpp>

#include <utility>

namespace hyperego {

void tell(const ProgressHook& hook, const ProgressStep& step) {
  if (hook && !hook(step)) throw Stopped();
}

ProgressHook part_of(const ProgressHook& hook, std::string phase, std::uint64_t begin, std::uint64_t end,
                     std::uint64_t total) {
  if (!hook) return {};
  return [=, phase = std::move(phase)](const ProgressStep& step) {
    if (step.total == 0) return hook({phase, begin, total});
    return hook({phase, begin * step.total + step.done * (end - begin), total * step.total});
  };
}

ProgressHook titled(const ProgressHook& hook, std::string title) {
  if (!hook) return {};
  return [=, title = std::move(title)](const ProgressStep& step) {
    return hook({title + ": " + std::string(step.phase), step.done, step.total});
  };
}

}  // namespace hyperego
