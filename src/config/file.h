// Small files, read whole: kubeconfigs, certificates, keys, tokens.
#pragma once

#include <string>
#include <string_view>

namespace k8sc {

struct FileText {
    std::string text;
    int fault = 0;  // errno's value; 0 where the file was read
};

// Reads to the end, so that a pipe works too. A file above 64 MiB has the fault EFBIG.
FileText read_file(const std::string &path);

// "Permission denied" and the like.
std::string fault_text(int fault);
// A path for messages, of which nobody wants to see only the beginning.
std::string shown_path(std::string_view path);

// A path that stays right when the working directory changes. Fails with K8SC_E_IO where there is no working directory.
std::string absolute_path(std::string_view path);
// The directory part of a file's path; "" stands for the working directory.
std::string_view directory_of(std::string_view path);
// `path` where it is absolute or `directory` is "", else the file of that name below `directory`.
std::string path_below(std::string_view directory, std::string_view path);

// The token in a file, without the blanks around it. Fails with K8SC_E_IO, which never shows the content.
std::string read_token_file(const std::string &path);

}  // namespace k8sc
