// The hot part of the exact hypervolume for four and more objectives, compiled once per instruction set.
#pragma once

#include <hyperego/core/instruction_set.hpp>

namespace hyperego {

/// One point of the four-objective sweep: a member of a list by descending z and of a staircase in (x, y).
struct SweepNode {
  double x, y, z;
  int next;             // the point below in z
  int right_delimiter;  // neighbours on the staircase just after this point joined it; `upper` is the running link
  int upper_delimiter;
  int upper;
};

/// Where the kernel works. Extents are r − f > 0, so that the reference is the origin and larger is better.
struct HypervolumeWorkspace {
  double* rows;      // (objectives − 3)(count + 1) rows of `stride` doubles, on a 64-byte boundary
  double** order;    // twice as many pointers
  SweepNode* nodes;  // count + 4
  double* blocks;    // (count + 8) · stride doubles
  int stride;        // objectives rounded up to a multiple of 8
};

/// Volume dominated by `count` rows of `objectives` (4 or more) extents. The rows lie `stride` apart and are zero
/// behind the objectives; they are only read.
HYPEREGO_KERNEL(double hypervolume_of_extents(const double* extents, int count, int objectives,
                                              const HypervolumeWorkspace& workspace))

}  // namespace hyperego
