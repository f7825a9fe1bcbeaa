#include <hyperego/study/detail/output_capture.hpp>
#include <hyperego/study/resource_shortage.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace hyperego::detail {
namespace {

constexpr std::size_t block_size = 1 << 16;
/// More than any pipe holds: whoever survives the program and goes on writing is not listened to for ever.
constexpr std::size_t most_after_end = std::size_t{16} << 20U;

}  // namespace

OutputCapture::OutputCapture(const std::optional<std::filesystem::path>& file, std::size_t limit)
    : limit_(std::max<std::size_t>(limit, 4)), file_(file ? output_file(file) : OwnedDescriptor()) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) fail_to_get("output", "no pipe for the output of a program", errno);
  read_ = OwnedDescriptor(ends[0]);
  write_ = OwnedDescriptor(ends[1]);
  ::fcntl(read_.get(), F_SETFL, O_NONBLOCK);
}

void OutputCapture::read() {
  char block[block_size];
  const ssize_t count = ::read(read_.get(), block, sizeof block);
  if (count > 0) keep(block, static_cast<std::size_t>(count));
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) is_open_ = false;
}

void OutputCapture::finish() {
  const std::uint64_t before = total_;
  for (std::uint64_t had = total_ + 1; is_open_ && had != total_ && total_ - before < most_after_end;) {
    had = total_;
    read();
  }
  read_ = OwnedDescriptor();
  is_open_ = false;
  if (total_ <= limit_ || file_.get() < 0) return;
  const std::size_t head = limit_ / 4;
  const std::size_t end = std::min(limit_ - head, tail_.size());
  const std::string notice = "\n[hyperego: " + std::to_string(total_ - head - end) + " bytes of " +
                             std::to_string(total_) + " are left out here]\n";
  write(notice.data(), notice.size(), head);
  write(tail_.data() + (tail_.size() - end), end, head + notice.size());
  (void)!::ftruncate(file_.get(), static_cast<off_t>(head + notice.size() + end));
}

void OutputCapture::hear(std::string_view bytes) {
  constexpr std::size_t longest = 1 << 16;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    is_long_ = is_long_ || line_.size() + piece.size() > longest;
    if (!is_long_) line_ += piece;
    if (end == std::string_view::npos) return;
    if (!is_long_) listener_(line_);
    line_.clear();
    is_long_ = false;
    bytes.remove_prefix(end + 1);
  }
}

void OutputCapture::keep(const char* bytes, std::size_t count) {
  if (listener_) hear({bytes, count});
  // The file grows up to the limit at once, so that it can be watched; finish() makes room for the end.
  if (total_ < limit_) write(bytes, std::min<std::size_t>(count, limit_ - total_), total_);
  total_ += count;
  tail_.append(bytes, count);
  if (tail_.size() > limit_ + block_size) tail_.erase(0, tail_.size() - (limit_ - limit_ / 4));
}

void OutputCapture::write(const char* bytes, std::size_t count, std::uint64_t offset) const {
  while (file_.get() >= 0 && count > 0) {
    const ssize_t written = ::pwrite(file_.get(), bytes, count, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= static_cast<std::size_t>(written);
    offset += static_cast<std::uint64_t>(written);
  }
}

}  // namespace hyperego::detail
