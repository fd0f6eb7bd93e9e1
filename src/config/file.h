// Small files, read whole: kubeconfigs, certificates, keys, tokens.
#pragma once

#include <string>
#include <string_view>

#include "core/secret_text.h"

namespace k8sc {

struct FileText {
    SecretText text;
    int fault = 0;  // errno's value, or one of those below; 0 where the file was read
};

// Nothing but a regular file, which a link may lead to, is read: a pipe would keep this thread waiting for whoever does
// not write.
constexpr int fault_not_regular = -1;
// Of what may be a pipe: its end did not come in time.
constexpr int fault_no_end = -2;

// Above any certificate bundle, and any kubeconfig.
constexpr size_t largest_file = 8 << 20, largest_kubeconfig = 64 << 20;

// A file above `limit` bytes has the fault EFBIG.
FileText read_file(const std::string &path, size_t limit = largest_file);
// The same, where it may also be a pipe, as that of KUBECONFIG=<(program), or a device. Waits for its end for at most
// five seconds.
FileText read_file_or_pipe(const std::string &path, size_t limit);

// "Permission denied" and the like.
std::string fault_text(int fault);
// A path for messages, of which nobody wants to see only the beginning.
std::string quoted_path(std::string_view path);

// A path that stays right when the working directory changes. Fails with K8SC_E_IO where there is no working directory.
std::string absolute_path(std::string_view path);
// The directory part of a file's path; "" stands for the working directory.
std::string_view directory_of(std::string_view path);
// `path` where it is absolute or `directory` is "", else the file of that name below `directory`.
std::string path_below(std::string_view directory, std::string_view path);

// The token in a file, without the blanks around it. Fails with K8SC_E_IO, which never shows the content.
SecretText read_token_file(const std::string &path);

}  // namespace k8sc
