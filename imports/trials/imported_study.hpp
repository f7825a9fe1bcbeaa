#pragma once

#include <hyperego/imports/trials/import_trials.hpp>
#include <hyperego/study/journal_events.hpp>
#include <hyperego/study/specification.hpp>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace hyperego {

/// The study that imported trials are part of: evaluated elsewhere, without a limit of failures.
/// @param further trials that may be asked for beyond those imported.
/// @throws InvalidInput where names are used twice or are empty.
[[nodiscard]] StudySpecification study_of(const ImportedTrials& imported, std::uint64_t further = 0);

/// What its journal holds: for each trial a suggestion, whose reason says where it was imported from, and its end.
[[nodiscard]] std::vector<StudyEvent> events_of(const ImportedTrials& imported, const StudySpecification& study);

/// Trials that an imported study may be asked for beyond those it has.
constexpr std::uint64_t further_trials = 100;

/// Makes a run directory at `given`, with the space also as space.json, for correction. It is made under another name
/// beside it and renamed when it is complete, so that there is a whole one or none.
/// @throws InvalidInput where `given` is there and not an empty folder; StoreError where it cannot be written.
void write_run_directory(const ImportedTrials& imported, const std::filesystem::path& given);

}  // namespace hyperego
