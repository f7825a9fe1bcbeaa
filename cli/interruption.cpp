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
  // Who ignores the end of the terminal (nohup) wants to go on.
  struct sigaction before {};
  ::sigaction(SIGHUP, nullptr, &before);
  heeds_hangup_ = before.sa_handler != SIG_IGN;
  if (heeds_hangup_) ::sigaction(SIGHUP, &action, nullptr);
}

Interruption::~Interruption() {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
  if (heeds_hangup_) std::signal(SIGHUP, SIG_DFL);
  listener = nullptr;
}

}  // namespace hyperego::cli
