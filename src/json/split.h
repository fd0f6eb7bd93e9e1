// Finds the objects in a stream of JSON while it arrives, whatever the boundaries of its pieces.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace k8sc {

// Called with the text of one object; json_padding bytes behind it may be read. It must not call the splitter.
using ObjectSink = std::function<void(std::string_view padded)>;
// Called with the beginning of an object above the limit, and its size.
using OversizeSink = std::function<void(std::string_view beginning, size_t size)>;

// What both splitters share: the text that is not done with, and where in JSON's structure its end is.
class Splitter {
  public:
    // Reads on. Fails with K8SC_E_DECODE where the stream is not what it should be, and with K8SC_E_TOO_LARGE where an
    // object is larger than the limit and nobody is to be told instead, or than many times the limit; what a sink
    // throws comes through. After a failure the splitter must not be used.
    void feed(const char *data, size_t size);
    // Of the object that the sink is given: no blanks stand between its tokens.
    bool is_compact() const { return compact_; }
    void set_oversize_sink(OversizeSink sink) { oversize_sink_ = std::move(sink); }
    // The stream has ended. Fails with K8SC_E_DECODE where it ended within an object.
    virtual void finish() = 0;

  protected:
    Splitter(size_t max_object_bytes, ObjectSink sink);
    virtual ~Splitter() = default;

    // Structure is met outside of strings: one of {}[] and, at depths up to `fine_depth_`, whatever else is no blank.
    // `at` is its offset in text_; depth_ counts an opening character already, and a closing one not any more.
    virtual void structure(char c, size_t at) = 0;
    // Other characters at depth 0.
    virtual void outside(char c, size_t at) = 0;

    void begin_object(size_t at);
    void end_object(size_t at);
    bool in_object() const { return object_at_ != none; }
    size_t max_object_bytes() const { return max_object_bytes_; }
    // Fails where what is kept up to `at` is above the limit.
    void check_kept(size_t at) const;

    static constexpr size_t none = static_cast<size_t>(-1);
    std::string text_;
    size_t depth_ = 0;
    size_t fine_depth_ = 0;
    size_t keep_from_ = none;  // text that must not be dropped; the object that is being read is kept anyway

  private:
    void scan();
    const char *scan_deep(const char *p, const char *end);
    const char *scan_string(const char *p, const char *end);
    const char *scan_character(const char *p);
    void drop_done();

    size_t max_object_bytes_;
    ObjectSink sink_;
    OversizeSink oversize_sink_;  // NULL: it fails
    std::string beginning_;       // of an object above the limit, where somebody is to be told
    size_t scanned_ = 0;
    size_t object_at_ = none;
    size_t oversize_ = 0;  // bytes of an object above the limit, which are counted and not kept
    bool compact_ = true;
    bool in_string_ = false;
    bool escaped_ = false;
};

// A list: {"kind": ..., "metadata": {...}, "items": [{...}, ...]}, its members in any order.
class ListSplitter : public Splitter {
  public:
    ListSplitter(size_t max_object_bytes, ObjectSink sink) : Splitter(max_object_bytes, std::move(sink))
    {
        fine_depth_ = 1;
    }
    void finish() override;
    // The list without its items. Members that stand behind the items are in it only after finish().
    const std::string &envelope() const { return envelope_; }
    // The value of a member of the envelope that was read so far, as JSON text; "" where it has not come (yet).
    std::string member(std::string_view key) const;

  private:
    enum class State { before, key, in_key, after_key, value, items, done };

    void structure(char c, size_t at) override;
    void outside(char c, size_t at) override;
    void in_items(char c, size_t at);
    void end_member(size_t at);
    void check_gap(size_t at, bool comma);
    void check_envelope(size_t more) const;
    [[noreturn]] void refuse(size_t at);

    State state_ = State::before;
    std::string envelope_ = "{";
    std::string key_;  // raw, of the member that is being read
    bool first_item_ = true;
    bool had_items_ = false;
};

// A watch: one object after the other, with blanks between them.
class FrameSplitter : public Splitter {
  public:
    FrameSplitter(size_t max_object_bytes, ObjectSink sink) : Splitter(max_object_bytes, std::move(sink)) {}
    void finish() override;

  private:
    void structure(char c, size_t at) override;
    void outside(char c, size_t at) override;
};

}  // namespace k8sc
