// A WriterGate keeps a store's writer waiting, so that everything queued meanwhile becomes one group.
//
//   WriterGate gate(*store);
//   store->Write(...);  store->Write(...);
//   gate.Open();
#ifndef TURNABOUT_TESTS_SUPPORT_WRITER_GATE_H_
#define TURNABOUT_TESTS_SUPPORT_WRITER_GATE_H_

#include <future>

#include "store/store.h"

namespace turnabout {

class WriterGate {
 public:
  // Returns once the writer waits.
  explicit WriterGate(Store& store) {
    std::promise<void> reached;
    std::future<void> is_reached = reached.get_future();
    store.Write(
        {},
        [this, &reached](Txn&) {
          reached.set_value();
          opened_.get_future().wait();
          return absl::OkStatus();
        },
        [this](const absl::Status&, uint64_t) { passed_.set_value(); });
    is_reached.wait();
  }
  ~WriterGate() { Open(); }

  // Lets the writer go on. Once; again does nothing.
  void Open() {
    if (is_open_) return;
    is_open_ = true;
    opened_.set_value();
    passed_.get_future().wait();
  }

 private:
  bool is_open_ = false;
  std::promise<void> opened_;
  std::promise<void> passed_;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_WRITER_GATE_H_
