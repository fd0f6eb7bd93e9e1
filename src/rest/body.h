// What becomes of a successful answer's body: bytes, one object, a list.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rest/call.h"
#include "rest/list_bounds.h"
#include "rest/unread.h"
#include "json/decode.h"
#include "json/split.h"

namespace k8sc {

// Fails with K8SC_E_DECODE where the answer says that it is something else than JSON.
void need_json(const HttpHead &head, std::string_view beginning);

// The body as it came.
class BufferSink : public BodySink {
  public:
    bool data(std::string_view data) override;
    bool restart() override;
    std::string &body() { return body_; }

  private:
    std::string body_;
};

// The body as one object.
class OneObjectSink : public BodySink {
  public:
    // `any_type`: whatever the answer calls itself. Some servers' JSON goes as plain text.
    explicit OneObjectSink(size_t max_bytes, bool any_type = false) : max_bytes_(max_bytes), any_type_(any_type) {}
    void head(const HttpHead &head) override { head_ = head; }
    bool data(std::string_view data) override;
    bool end() override;
    bool restart() override;
    Ref<Object> take() { return std::move(object_); }

  private:
    size_t max_bytes_;
    bool any_type_;
    size_t size_ = 0;
    std::string body_;
    HttpHead head_;
    Ref<Object> object_;
};

// A list's objects and what it says of itself.
struct ListContent {
    std::vector<Ref<Object>> objects;
    std::string resource_version;
    std::string continue_token;
    int64_t remaining = -1;
    int64_t bytes = 0;  // as ListBounds counts, with those of earlier pages
};

// The body as a list, decoded while it arrives.
class ListSink : public BodySink {
  public:
    // Is given the items one by one instead of having them in the content. Answers false to be given no more until the
    // call is resumed; those of the same piece of the body still come. What it was given is void where the list fails
    // in the end.
    using Handler = std::function<bool(Ref<Object> item)>;
    // Is told of the items that cannot be read, while all others arrive. Where there is none, the list fails with the
    // first of them.
    using UnreadHandler = std::function<void(Unread &&item)>;

    ListSink(const ListBounds &bounds, std::shared_ptr<const PruneRules> prune, Handler handler = nullptr);
    // Before the body comes.
    void set_unread_handler(UnreadHandler handler);
    void head(const HttpHead &head) override { head_ = head; }
    bool data(std::string_view data) override;
    bool end() override;
    // Nothing can be taken back once an item was handed on.
    bool restart() override;
    ListContent take() { return std::move(content_); }

  private:
    void begin();
    void item(std::string_view padded);
    void count(size_t size);
    void unread(std::string_view text, const Error &error, bool is_sound);
    void learn_kind();
    void emit(Ref<Object> object);
    void read_envelope();
    void name_kind(Ref<Object> &object);

    const ListBounds bounds_;
    DecodeRules rules_;
    HttpHead head_;
    bool begun_ = false;
    Handler handler_;
    UnreadHandler unread_handler_;
    bool handed_on_ = false;
    size_t items_ = 0;
    int64_t bytes_ = 0;  // with those of earlier pages
    bool paused_ = false;
    bool learned_ = false;
    Decoder decoder_;
    std::unique_ptr<ListSplitter> splitter_;
    ListContent content_;
    std::vector<size_t> without_kind_;  // items that came before the list said what they are
    size_t named_ = 0, given_ = 0;  // how many of them know it by now, and how many of all were handed on at the end
};

// The same for a body that is already complete.
ListContent parse_list(std::string_view body, const ListBounds &bounds);

}  // namespace k8sc
