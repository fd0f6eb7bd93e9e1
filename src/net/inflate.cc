#include "net/inflate.h"

#include <algorithm>
#include <new>

#include "core/error.h"

namespace k8sc {
namespace {

constexpr int gzip_alone = 15 + 16;
// Deflate reaches 1,032 where everything is the same. A list of objects comes to 10 or 20; up to the size below
// anything may be honest.
constexpr int64_t most_ratio = 300;
constexpr int64_t unmeasured_bytes = 128 << 20;

}  // namespace

Inflater::Inflater()
{
    if (inflateInit2(&stream_, gzip_alone) != Z_OK) throw std::bad_alloc();
}

Inflater::~Inflater() { inflateEnd(&stream_); }

void Inflater::drop_used()
{
    if (used_ == input_.size()) {
        input_.clear();
        used_ = 0;
    } else if (used_ > input_.size() / 2) {
        input_.erase(0, used_);
        used_ = 0;
    }
}

// Between members: whether another one is there.
bool Inflater::begin_member()
{
    if (used_ == input_.size()) return false;
    if (members_ > 0) {
        trailing_ = trailing_ || input_[used_] == '\0';
        if (trailing_) {
            if (input_.find_first_not_of('\0', used_) != std::string::npos)
                fail(K8SC_E_DECODE,
                     "the answer's content encoding cannot be undone: its gzip ends, and something else follows");
            used_ = input_.size();
            return false;
        }
        inflateReset(&stream_);
    }
    members_++;
    in_member_ = true;
    return true;
}

size_t Inflater::read(char *buffer, size_t size)
{
    size_t made = 0;
    while (made == 0 && (in_member_ || begin_member())) {
        stream_.next_in = reinterpret_cast<Bytef *>(input_.data() + used_);
        size_t given = std::min<size_t>(input_.size() - used_, UINT32_MAX);
        stream_.avail_in = static_cast<uInt>(given);
        stream_.next_out = reinterpret_cast<Bytef *>(buffer);
        stream_.avail_out = static_cast<uInt>(std::min<size_t>(size, UINT32_MAX));
        int code = inflate(&stream_, Z_NO_FLUSH);
        size_t taken = given - stream_.avail_in;
        made = size - stream_.avail_out;
        used_ += taken;
        in_ += static_cast<int64_t>(taken);
        out_ += static_cast<int64_t>(made);
        if (code == Z_MEM_ERROR) throw std::bad_alloc();
        if (code == Z_STREAM_END)
            in_member_ = false;
        else if (code != Z_OK && code != Z_BUF_ERROR)
            fail(K8SC_E_DECODE, concat("the answer's content encoding cannot be undone: its gzip is broken: ",
                                       stream_.msg ? stream_.msg : "no reason given"));
        else if (taken == 0 && made == 0)
            break;
        if (out_ > unmeasured_bytes && out_ / most_ratio > in_)
            fail(K8SC_E_TOO_LARGE,
                 concat("the compressed answer grows to more than ", std::to_string(most_ratio),
                        " times its size: ", std::to_string(in_), " bytes became ", std::to_string(out_)));
    }
    drop_used();
    return made;
}

void Inflater::finish()
{
    if (in_member_) fail(K8SC_E_DECODE, "the answer's content encoding cannot be undone: its gzip ends too early");
}

}  // namespace k8sc
