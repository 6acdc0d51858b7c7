#include <filesystem>
#include <string>
#include <vector>

#include "clients/demo/demo.h"

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  return turnabout::demo::RunDemo(words, std::filesystem::read_symlink("/proc/self/exe").parent_path());
}
