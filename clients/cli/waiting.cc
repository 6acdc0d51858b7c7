#include "clients/cli/waiting.h"

#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"

namespace turnabout::cli {

Waiting::Waiting(Console& console, std::string what, Milliseconds after, Milliseconds every)
    : console_(console), what_(std::move(what)), after_(after), every_(every) {
  if (console_.err_is_terminal) thread_ = std::thread([this] { Run(); });
}

Waiting::~Waiting() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Waiting::Run() {
  const auto started = std::chrono::steady_clock::now();
  size_t shown = 0;
  std::unique_lock<std::mutex> lock(mutex_);
  for (Milliseconds pause = after_; !changed_.wait_for(lock, pause, [&] { return ended_; }); pause = every_) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started);
    const std::string line = absl::StrCat(what_, ": ", seconds.count(), " s so far");
    console_.err << "\r" << line << std::flush;
    shown = line.size();
  }
  if (shown > 0) console_.err << "\r" << std::string(shown, ' ') << "\r" << std::flush;
}

}  // namespace turnabout::cli
