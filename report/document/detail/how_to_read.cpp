#include <hyperego/report/document/detail/how_to_read.hpp>

#include <map>

namespace hyperego::detail {

std::string how_to_read(std::string_view kind) {
  static const std::map<std::string_view, const char*> texts{
      {"attainment",
       "Each line is the front at one time of the study. Where lines lie close together little was won between them; "
       "where the last is far ahead of the one before, more trials may still help."},
      {"bars",
       "The longer a bar, the more it is worth. A whisker is the range that the value may well have: bars whose "
       "whiskers overlap cannot be ranked, and one that reaches zero may be worth nothing."},
      {"beeswarm",
       "A point is a trial; its place says by how much its value of the hyperparameter makes the predicted objective "
       "better (right) or worse (left) than the default value does. The colour is that value, from low to high: where "
       "one colour is on the right, values of that kind are good. Points are stacked where there are many."},
      {"curves", "Each line is one study or optimizer; the higher and the further left it rises, the better."},
      {"dependence",
       "The line is what the model predicts on average when one hyperparameter has the value below and all others are "
       "random; a flat line has no influence by itself. Where the band is wide the trials say little. An average hides "
       "interactions: look at these as well."},
      {"fit",
       "An R² near 1 and a calibration near 1 are good. Decisions that were made with an R² around 0 rest on little."},
      {"force",
       "From the default's prediction to that of the chosen trial: arrows toward the better side are changes that "
       "help, arrows against it are changes that hurt, each as long as its share. Both meet at the trial's "
       "prediction."},
      {"front",
       "A point on the front is beaten by no other in all objectives at once. Further toward the better end of both "
       "axes is better. The knee is where giving up a little of one objective no longer gains much in another."},
      {"fronts", "Each colour is a study. Points further toward the better ends beat those behind them."},
      {"interaction-graph",
       "Single effects are discs, interactions of two are edges. A thick solid edge: tuning both gains more than the "
       "sum of each alone. A thick dashed edge: one does for the other, and tuning one of them is enough."},
      {"interaction-map",
       "On the diagonal what each hyperparameter gains alone, beside it what a pair gains more (above zero) or less "
       "(below zero) than both alone. Near zero the pair can be tuned one after the other."},
      {"left-out",
       "Points near the line: the model can be trusted. A cloud without a slope: it knows no more than the mean, and "
       "everything that rests on it should be doubted. About nine of ten bars should touch the line."},
      {"parallel",
       "A line is a trial and crosses each axis at its value. Lines that bundle on an axis show values that good "
       "trials have in common; draw along an axis to keep only the trials inside."},
      {"share-map",
       "A column is a decision. Dark rows mattered when it was made; light ones were likely to be frozen."},
      {"slice",
       "A point is a trial, at its own value and as it was measured; the other hyperparameters differ from point to "
       "point, which is why points scatter around the curve. A curve without points near it is the model's guess."},
      {"stacked-bars",
       "A bar to the right is gained, one to the left is lost. The first part is what the hyperparameter does by "
       "itself, the next its half of interactions with one other, the last its third of those of three. All parts "
       "together are its Shapley value, at the mark. Long further parts: tune it together with others."},
      {"steps",
       "The curve rises with every trial that improves the front. A long flat end means that more trials of this kind "
       "are unlikely to help."},
      {"surface",
       "The colour is the average prediction at two values at once. If a row looks like every other row, the two do "
       "not interact; a valley along a diagonal means that they have to be chosen together."},
      {"task-curves", "Each panel is a task, each line an optimizer; bands that overlap do not tell them apart."},
      {"ternary",
       "Each corner of a triangle is one objective alone, a place inside a mixture of the three. Dark means that "
       "tuning this hyperparameter gains much for that mixture."},
      {"timeline", "A bar is a span of trials in which the hyperparameter was held at one value."},
      {"tradeoff-lines",
       "From left to right the weight moves from one objective to the other. A high line matters there; lines whose "
       "bands overlap cannot be ranked, and where lines cross it depends on what you want."},
      {"tradeoff-map", "A row is a mixture of objectives. Dark cells are hyperparameters that gain much for it."},
      {"upset",
       "A column is a set of hyperparameters, marked by dots. The bar is what is gained when only they are tuned: "
       "where a small set reaches nearly the full gain, the others can keep their defaults."},
      {"waterfall",
       "From the default configuration, each change of a value adds or takes its share until the chosen trial's "
       "prediction is reached. Shares of interactions are divided evenly."},
      {"weights", "How a suggestion weighed the objectives: a bar of one colour is a search for that objective alone."},
      {"workers",
       "A row is a place where trials ran, a bar a trial from its start to its end. Gaps are waiting: for a slower "
       "trial of the batch or for the next suggestion. Long bars of failed trials are time that was lost."},
  };
  return texts.at(kind);
}

}  // namespace hyperego::detail
