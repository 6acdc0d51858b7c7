#include "clients/demo/demo.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <iostream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "clients/cli/files.h"
#include "clients/cli/run.h"
#include "clients/demo/scale.h"
#include "clients/demo/server_process.h"
#include "clients/demo/story.h"

namespace turnabout::demo {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr int kPeopleMax = 5'000'000;

// A folder that is removed when this goes, unless it was asked for by name.
class Folder {
 public:
  static absl::StatusOr<Folder> Make(const std::string& asked) {
    Folder folder;
    if (asked.empty()) {
      std::string pattern = (std::filesystem::temp_directory_path() / "turnabout-demo-XXXXXX").string();
      if (mkdtemp(pattern.data()) == nullptr) return absl::FailedPreconditionError("No temporary folder can be made.");
      folder.path_ = pattern;
      folder.temporary_ = true;
      return folder;
    }
    std::error_code error;
    if (std::filesystem::exists(asked) && !std::filesystem::is_empty(asked, error)) {
      return absl::InvalidArgumentError(absl::StrCat("The folder ", asked, " is not empty. The demo needs a new one."));
    }
    std::filesystem::create_directories(asked, error);
    if (error)
      return absl::InvalidArgumentError(absl::StrCat("The folder ", asked, " cannot be made: ", error.message()));
    folder.path_ = asked;
    return folder;
  }
  Folder(Folder&& other) noexcept : path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, false)) {}
  Folder& operator=(Folder&&) = delete;
  ~Folder() {
    std::error_code ignored;
    if (temporary_) std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  Folder() = default;
  std::filesystem::path path_;
  bool temporary_ = false;
};

void LeaveUp(const ServerProcess& server, const std::filesystem::path& folder, Page& page, const sigset_t& signals) {
  const std::string turnabout = std::filesystem::proximate(folder / "turnabout").string();
  page.Heading("The server is still up, for you to try");
  page.Line(absl::StrCat("API, JSON on HTTP   http://", server.http_address(), "/"));
  page.Line(absl::StrCat("API, gRPC           ", server.grpc_address()));
  page.Gap();
  page.Line(absl::StrCat("export TURNABOUT_SERVER=", server.grpc_address()));
  page.Line(absl::StrCat(turnabout, " members list --limit 10"));
  page.Line(absl::StrCat(turnabout, " suggest ffion"));
  page.Line(absl::StrCat(turnabout, " log --from ben --to ana --time 1h30 --for \"mowing the lawn\""));
  page.Gap();
  page.Say("Ctrl-C stops it and removes everything.");
  std::cout.flush();
  int signal = 0;
  sigwait(&signals, &signal);
}

absl::Status Perform(const DemoOptions& options, const std::filesystem::path& program_folder, const sigset_t& signals) {
  ASSIGN_OR_RETURN(const Folder folder, Folder::Make(options.data_dir));
  ASSIGN_OR_RETURN(const std::unique_ptr<ServerProcess> server,
                   ServerProcess::Start(program_folder / "turnaboutd", folder.path(), kPatience));
  Page page(std::cout, isatty(STDOUT_FILENO) == 1);
  cli::Api api({.server = server->grpc_address(), .request_id = {}, .channels = options.people > 0 ? 4 : 1});
  const SystemClock clock;
  const absl::CivilDay today = DayOf(clock.Now());
  Figures figures;
  if (options.people > 0) {
    RETURN_IF_ERROR(RunAtScale({options.people, options.seed}, api, *server, today, page, figures));
  } else {
    Story story(api, page, today);
    RETURN_IF_ERROR(story.Tell());
    figures = story.figures();
  }
  if (!options.json.empty()) RETURN_IF_ERROR(cli::WriteFile(options.json, FiguresJson(figures)));
  if (!options.once) LeaveUp(*server, program_folder, page, signals);
  return server->Stop();
}

}  // namespace

std::string DemoHelp() {
  return "Example:\n"
         "  $ turnabout-demo\n\n"
         "Starts a server with a new data folder, loads an invented scheme, and does the main job over it: people, a "
         "round,\n"
         "proposals, yes and no, hours, statements, and books that add up. Then the server stays up until Ctrl-C.\n\n"
         "Flags:\n"
         "  --once             Stop at the end.\n"
         "  --json FILE        Write the figures to a file.\n"
         "  --people N         Generate a scheme of N people instead, and say how long each part took.\n"
         "  --seed N           For --people: the same seed gives the same people. Otherwise 1.\n"
         "  --data-dir FOLDER  Where the data goes, and stays. Otherwise a temporary folder.\n";
}

absl::StatusOr<DemoOptions> ReadDemoOptions(const std::vector<std::string>& words) {
  DemoOptions options;
  for (size_t i = 0; i < words.size(); ++i) {
    std::string name = words[i], value;
    const size_t equals = name.find('=');
    const bool attached = equals != std::string::npos;
    if (attached) {
      value = name.substr(equals + 1);
      name.resize(equals);
    }
    if (name == "--once" || name == "--help" || name == "-h") {
      (name == "--once" ? options.once : options.help) = true;
      continue;
    }
    if (name != "--json" && name != "--people" && name != "--seed" && name != "--data-dir") {
      return absl::InvalidArgumentError(absl::StrCat("There is no flag ", name, ".\n  See: turnabout-demo --help"));
    }
    if (!attached && i + 1 >= words.size())
      return absl::InvalidArgumentError(absl::StrCat(name, " needs a value.\n  See: turnabout-demo --help"));
    if (!attached) value = words[++i];
    if (name == "--json") options.json = value;
    if (name == "--data-dir") options.data_dir = value;
    if (name == "--people" &&
        (!absl::SimpleAtoi(value, &options.people) || options.people < 1 || options.people > kPeopleMax)) {
      return absl::InvalidArgumentError("--people takes a whole number from 1 to 5000000.\n  Write: --people 1000");
    }
    if (name == "--seed" && !absl::SimpleAtoi(value, &options.seed)) {
      return absl::InvalidArgumentError("--seed takes a whole number.\n  Write: --seed 1");
    }
  }
  return options;
}

int RunDemo(const std::vector<std::string>& words, const std::filesystem::path& folder) {
  const absl::StatusOr<DemoOptions> options = ReadDemoOptions(words);
  if (!options.ok()) {
    std::cerr << options.status().message() << "\n";
    return cli::kUsage;
  }
  if (options->help) {
    std::cout << DemoHelp();
    return cli::kDone;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  // Threads made from here on leave these two to sigwait.
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const absl::Status status = Perform(*options, folder, signals);
  std::cout.flush();
  if (!status.ok()) cli::PrintError(status, {}, "the demo's own address", std::cerr);
  return cli::ExitCodeOf(status);
}

}  // namespace turnabout::demo
