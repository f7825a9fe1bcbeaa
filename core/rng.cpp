#include <hyperego/core/rng.hpp>

#include <bit>
#include <cmath>

namespace hyperego {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

// FNV-1a, 64 bits: short strings only, never attacker-controlled tables.
std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return h;
}

}  // namespace

Rng::Rng(std::uint64_t seed, std::string_view purpose, std::uint64_t index) {
  std::uint64_t key = seed;
  key = split_mix(key) ^ hash(purpose);
  key = split_mix(key) ^ index;
  for (auto& word : state_) word = split_mix(key);
}

Rng::result_type Rng::operator()() {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t t = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Rng::uniform() { return static_cast<double>((*this)() >> 11U) * 0x1.0p-53; }

std::uint64_t Rng::below(std::uint64_t count) {
  // Reject the lowest 2^64 mod count values, so that every residue is equally likely.
  const std::uint64_t threshold = (0 - count) % count;
  for (;;) {
    const std::uint64_t draw = (*this)();
    if (draw >= threshold) return draw % count;
  }
}

double Rng::normal() {
  for (;;) {
    const double u = 2 * uniform() - 1;
    const double v = 2 * uniform() - 1;
    const double s = u * u + v * v;
    if (s > 0 && s < 1) return u * std::sqrt(-2 * std::log(s) / s);
  }
}

double Rng::exponential() { return -std::log1p(-uniform()); }

}  // namespace hyperego
