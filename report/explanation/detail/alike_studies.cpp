#include <hyperego/core/error.hpp>
#include <hyperego/report/explanation/detail/alike_studies.hpp>

#include <vector>

namespace hyperego::detail {
namespace {

void require_same_players(std::span<const TrialModels> studies) {
  const auto names_of = [](const SearchSpace& space) {
    std::vector<std::string> names;
    for (const std::size_t i : space.searched()) names.push_back(space[i].name);
    return names;
  };
  const std::vector<std::string> expected = names_of(*studies.front().trials().space);
  for (const TrialModels& study : studies) {
    if (names_of(*study.trials().space) != expected) {
      throw InvalidInput("studies",
                         "they do not search the same hyperparameters, so their games cannot be aggregated; explain "
                         "them one by one");
    }
  }
}

/// Studies that are explained together must have been after the same thing.
void require_same_objectives(std::span<const TrialModels> studies) {
  const auto words = [](const TrialModels& study) {
    std::string text;
    for (const Objective& objective : study.trials().objectives) {
      text += (text.empty() ? "" : ", ") + objective.name +
              (objective.direction == Direction::maximize ? " (maximized)" : " (minimized)");
    }
    return text;
  };
  const std::string expected = words(studies.front());
  for (const TrialModels& study : studies) {
    if (words(study) == expected) continue;
    throw InvalidInput("studies",
                       "they do not have the same objectives (" + expected + " and " + words(study) +
                           "), so their games cannot be aggregated; name one that all have with --objective");
  }
}

void require_same_direction(std::span<const TrialModels> studies, const std::string& objective) {
  const auto direction = [&](const TrialModels& study) {
    return study.trials().objectives[study.trials().objective_index(objective)].direction;
  };
  for (const TrialModels& study : studies) {
    if (direction(study) == direction(studies.front())) continue;
    throw InvalidInput("studies", "\"" + objective +
                                      "\" is to be minimized in one and maximized in another; "
                                      "explain them one by one");
  }
}

}  // namespace

void require_alike(std::span<const TrialModels> studies, const std::optional<std::string>& objective) {
  require_same_players(studies);
  if (objective) {
    require_same_direction(studies, *objective);
  } else {
    require_same_objectives(studies);
  }
}

}  // namespace hyperego::detail
