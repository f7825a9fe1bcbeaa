#pragma once

#include <hyperego/core/trial.hpp>
#include <hyperego/study/specification.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace hyperego {

/// What a study takes over from the run directories that its "warm_start" names, as it is kept in warm_start.json of
/// its own, so that nothing outside is needed to go on: {"studies": [{"directory", "name", "trials": [{"configuration",
/// "objectives", "constraints"}], "left_out": [{"reason", "trials"}]}]}. Of the completed trials those are taken over
/// whose configurations are legal in this study's space as they are, whatever became of bounds, scales, choices or
/// conditions; the others are counted with the reason. Null where the study names none.
/// @throws InvalidInput naming the directory and the reason where one holds no study, or one that knows a
/// hyperparameter that this study has not, or lacks one that is always active here (what it was then is not known), or
/// has other objectives or constraints; StoreError where one is damaged.
[[nodiscard]] nlohmann::ordered_json read_earlier_studies(const StudySpecification& study);

/// One sentence for people on every earlier study: how many of its trials are taken over, how many not, and why.
[[nodiscard]] std::vector<std::string> remarks_on(const nlohmann::ordered_json& kept);

/// The trials that were kept, numbered from 0 in their order. @throws InvalidInput naming `where` and the place for
/// what read_earlier_studies() would not have written.
[[nodiscard]] std::vector<Trial> earlier_trials(const nlohmann::ordered_json& kept, const StudySpecification& study,
                                                const std::string& where);

}  // namespace hyperego
