#include "interruption.hpp"

#include <atomic>
#include <csignal>

namespace hyperego::cli {
namespace {

// A signal handler can reach nothing but globals.
std::atomic<StopSignal*> listener{nullptr};

void handle(int signal) {
  StopSignal* stop = listener.load();
  if (stop != nullptr) stop->raise(signal);
}

}  // namespace

Interruption::Interruption(StopSignal& stop) {
  listener = &stop;
  struct sigaction action {};
  action.sa_handler = handle;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);  // the second one takes its usual effect
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

Interruption::~Interruption() {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
  listener = nullptr;
}

}  // namespace hyperego::cli
