// Files that are replaced as a whole, by several programs at once.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace k8sc {

// The file that a path leads to, through symbolic links; it need not be there.
std::string target_of(const std::string &path);

// The lock files "<file>.lock", as client-go makes them, of a set of files, in the same order everywhere. Waits a few
// seconds for whoever has them, and fails with K8SC_E_IO, which names the lock. Makes the directories that are missing.
class FileLocks {
  public:
    explicit FileLocks(const std::set<std::string> &paths);
    FileLocks(const FileLocks &) = delete;
    FileLocks &operator=(const FileLocks &) = delete;
    ~FileLocks() { release(); }

  private:
    void release();

    std::vector<std::string> locks_;
};

// Puts a new file in the place of `path`: with mode 0600, or with mode and owner of the one that is there. Fails with
// K8SC_E_IO.
void replace_file(const std::string &path, std::string_view text);

}  // namespace k8sc
