#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/trials/detail/space_inference.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace hyperego {
namespace {

constexpr std::size_t most_choices = 64;
constexpr std::size_t most_levels = 10;       // of an ordinal
constexpr std::size_t least_repetitions = 3;  // on average, of each level
constexpr double log_factor = 10;
constexpr double wide_factor = 100;

/// Largest distance between the distribution of ascending values mapped to [0, 1] and the uniform one.
template <typename Map>
double distance_to_uniform(const std::vector<double>& ascending, Map&& unit) {
  double distance = 0;
  const auto n = static_cast<double>(ascending.size());
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    const double u = unit(ascending[i]);
    distance =
        std::max({distance, std::abs(u - static_cast<double>(i) / n), std::abs(u - static_cast<double>(i + 1) / n)});
  }
  return distance;
}

bool lies_on_log_scale(const std::vector<double>& ascending) {
  const double least = ascending.front();
  const double most = ascending.back();
  if (!(least > 0) || most < log_factor * least) return false;
  const double linear = distance_to_uniform(ascending, [&](double x) { return (x - least) / (most - least); });
  const double logarithmic =
      distance_to_uniform(ascending, [&](double x) { return std::log(x / least) / std::log(most / least); });
  // Both distances vary by about 1/√n from sample to sample; a wide range needs no more evidence than its looks.
  const double margin = most < wide_factor * least ? 0.5 / std::sqrt(static_cast<double>(ascending.size())) : 0;
  return logarithmic + margin < linear;
}

Value value_of(double number, bool is_whole) {
  return is_whole ? Value(static_cast<std::int64_t>(number)) : Value(number);
}

Hyperparameter numeric_domain(const std::string& name, std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  const double median = numbers[numbers.size() / 2];
  constexpr auto greatest = static_cast<double>(JsonReader::greatest_integer);
  const bool is_whole = std::all_of(numbers.begin(), numbers.end(),
                                    [](double x) { return std::trunc(x) == x && std::abs(x) <= greatest; });
  std::vector<double> levels = numbers;
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  if (levels.size() == 1) return make_constant(name, value_of(median, is_whole));
  const bool is_gapless = is_whole && levels.back() - levels.front() < 1.5 * static_cast<double>(levels.size());
  if (levels.size() > 2 && levels.size() <= most_levels && numbers.size() >= least_repetitions * levels.size() &&
      !is_gapless) {
    std::vector<Value> sequence;
    for (const double level : levels) sequence.push_back(value_of(level, is_whole));
    return make_ordinal(name, std::move(sequence), value_of(median, is_whole));
  }
  const bool log = lies_on_log_scale(numbers);
  if (!is_whole) return make_float(name, levels.front(), levels.back(), log, median);
  return make_integer(name, static_cast<std::int64_t>(levels.front()), static_cast<std::int64_t>(levels.back()), log,
                      static_cast<std::int64_t>(median));
}

/// Choices in alphabetical order, the most frequent one the default.
std::optional<Hyperparameter> text_domain(const std::string& name, const std::map<std::string, std::size_t>& counts,
                                          std::size_t cells) {
  if (counts.size() == 1) return make_constant(name, counts.begin()->first);
  if (counts.size() > most_choices || (counts.size() > 10 && 2 * counts.size() > cells)) return std::nullopt;
  std::vector<Value> choices;
  const auto most_frequent =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  for (const auto& [text, count] : counts) choices.emplace_back(text);
  return make_categorical(name, std::move(choices), Value(most_frequent->first));
}

}  // namespace

std::optional<Hyperparameter> infer_domain(const std::string& name, const std::vector<Cell>& cells) {
  std::vector<double> numbers;
  std::map<std::string, std::size_t> texts;
  std::size_t truths = 0;
  std::size_t falsehoods = 0;
  std::size_t present = 0;
  for (const Cell& cell : cells) {
    if (is_missing(cell)) continue;
    ++present;
    if (const auto boolean = boolean_of(cell)) ++(*boolean ? truths : falsehoods);
    if (const auto number = number_of(cell); number && std::isfinite(*number)) numbers.push_back(*number);
    if (texts.size() <= most_choices) ++texts[to_string(*cell)];
  }
  if (present == 0) return std::nullopt;
  if (numbers.size() == present) return numeric_domain(name, std::move(numbers));
  if (truths + falsehoods == present) {
    if (truths == 0 || falsehoods == 0) return make_constant(name, truths > 0);
    return make_categorical(name, {true, false}, Value(truths >= falsehoods));
  }
  return text_domain(name, texts, present);
}

}  // namespace hyperego
