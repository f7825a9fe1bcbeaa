// STUDY.json: a study that is accepted has an optimizer, and its study.json as run is read as the same study.
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/specification.hpp>

#include <nlohmann/json.hpp>

#include "result_or_error.hpp"

using namespace hyperego;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::result_or_error([&] {
    const StudySpecification study =
        study_from_json(parse_json(fuzz::text_of(data, size), "study.json"), "study.json", fuzz::scratch_directory());
    const auto as_run = to_json(study);
    const StudySpecification again = study_from_json(parse_json(as_run.dump(2), "as run"), "as run",
                                                     fuzz::scratch_directory(), {}, StudySource::recorded);
    fuzz::require(to_json(again) == as_run, "a study that is written and read is written the same");
    fuzz::require(identity(again) == identity(study), "a study that is written and read is the same study");
    (void)make_optimizer(optimization_problem(study), *study.optimizer, "study.json/optimizer");
  });
}
