#include <hyperego/study/detail/slurm_messages.hpp>

namespace hyperego::detail {

std::string refused_for_good(const std::string& words, bool is_array_too_long) {
  return "Slurm refuses the job: " + words +
         "; correct the options under \"slurm\" in the study's evaluator, which may change" +
         (is_array_too_long ? ", or have the site allow arrays (MaxArraySize)" : "") + ", and go on with --resume";
}

std::string refused_as_too_long(const std::string& words, std::size_t tasks,
                                std::optional<std::size_t> max_array_size) {
  return "Slurm refuses an array of " + std::to_string(tasks) + " tasks (" + words +
         (max_array_size ? "; MaxArraySize is " + std::to_string(*max_array_size) : "; see MaxArraySize") +
         "), so that shorter ones are tried; fewer \"workers\" would need none";
}

std::string refused_as_queue_is_full(const std::string& words) {
  return "Slurm takes no more jobs at the moment (" + words +
         "); trials wait until it does; fewer \"workers\" would keep within the limit";
}

std::string refused_for_now(const std::string& words) {
  return "Slurm does not take the job (" + words + "); it is offered again from time to time";
}

std::string refused_too_often(const std::string& words) {
  return "Slurm refuses even a single job: " + words +
         "; correct the options under \"slurm\" in the study's evaluator, which may change, or wait until the site "
         "takes "
         "it, and go on with --resume";
}

std::string unanswered(const std::string& words) {
  return "Slurm does not answer (" + words + "); the trials wait for it";
}

}  // namespace hyperego::detail
