// A JSON document that is written from its beginning to its end, commas included.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "json/cursor.h"

namespace k8sc {

// A name of NULL is for elements of an array, and for the document itself.
class JsonText {
  public:
    void open(const char *name, char bracket)
    {
        begin(name);
        text += bracket;
        first_ = true;
    }
    void close(char bracket)
    {
        text += bracket;
        first_ = false;
    }
    void number(const char *name, std::integral auto value) { raw(name, std::to_string(value)); }
    void boolean(const char *name, bool value) { raw(name, value ? "true" : "false"); }
    void string(const char *name, std::string_view value) { raw(name, json_quoted(value)); }
    // What is JSON already.
    void raw(const char *name, std::string_view json)
    {
        begin(name);
        text += json;
    }

    std::string text;

  private:
    void begin(const char *name)
    {
        if (!first_) text += ',';
        first_ = false;
        if (name) text.append(json_quoted(name)).append(":");
    }

    bool first_ = true;
};

}  // namespace k8sc
