// Undoes gzip, a piece at a time and within bounds.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace k8sc {

// One layer of gzip, of one member or several, with zeros behind it, as Go's reader takes it.
class Inflater {
  public:
    Inflater();
    ~Inflater();
    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;

    // More of the compressed text, behind what is still waiting.
    void feed(std::string_view data) { input_.append(data); }
    // Unpacks at most `size` bytes and answers how many; 0: there is nothing to unpack now. Fails with K8SC_E_DECODE
    // where it is not gzip, with K8SC_E_TOO_LARGE where it grows beyond all measure.
    size_t read(char *buffer, size_t size);
    // No more comes. Fails with K8SC_E_DECODE where that is too early.
    void finish();

  private:
    bool begin_member();
    void drop_used();

    z_stream stream_{};
    std::string input_;
    size_t used_ = 0;  // of input_
    int64_t in_ = 0, out_ = 0;
    int members_ = 0;
    bool in_member_ = false, trailing_ = false;
};

}  // namespace k8sc
