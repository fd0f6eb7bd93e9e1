// Where an informer's lists and events go: into the cache, or through a transform on the way there.
#pragma once

#include <string>
#include <string_view>

#include "json/object.h"

namespace k8sc {

// `version` is what the server gave the object, which a transform may have changed.
class CacheInput {
  public:
    // A list begins; what was listed by one that did not come to its end is void.
    virtual void list_begins() = 0;
    virtual void listed(const Ref<Object> &object) = 0;
    virtual void unlisted(const Ref<Object> &object) = 0;
    virtual void listed_unread(const Ref<Object> &names) = 0;
    virtual void list_ends(const std::string &version) = 0;
    virtual void changed(const Ref<Object> &object, std::string_view version) = 0;
    virtual void deleted(const Ref<Object> &object, std::string_view version) = 0;
    virtual void deleted_unread(const Ref<Object> &names, std::string_view version) = 0;
    virtual void bookmark(const std::string &version) = 0;
    // Enough waits here: no more is wanted for now.
    virtual bool is_full() const { return false; }

  protected:
    ~CacheInput() = default;
};

}  // namespace k8sc
