#include <hyperego/report/explanation/detail/remembered_tiles.hpp>

#include <utility>

namespace hyperego::detail {

void RememberedTiles::predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                                     Eigen::Ref<Eigen::MatrixXd> predictions) const {
  Key key{first, predictions.cols(), {coalitions.begin(), coalitions.end()}};
  {
    const std::lock_guard lock(mutex_);
    const auto found = tiles_.find(key);
    if (found != tiles_.end()) {
      predictions = found->second;
      return;
    }
  }
  predictor_->predict_blends(blends, first, coalitions, predictions);
  const std::size_t bytes =
      sizeof(double) * static_cast<std::size_t>(predictions.size()) + sizeof(Coalition) * coalitions.size();
  const std::lock_guard lock(mutex_);
  if (bytes_ + bytes > most_bytes_) return;
  if (tiles_.emplace(std::move(key), predictions).second) bytes_ += bytes;
}

}  // namespace hyperego::detail
