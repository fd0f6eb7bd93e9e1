// What the transport asks of whatever knows who the user is.
#pragma once

#include <string>

#include "core/ref.h"

namespace k8sc {

class Credentials : public RefCounted {
  public:
    // The value of the Authorization header for a request that is about to be sent, "" for none. On the I/O thread; must not block for
    // longer than reading a small file takes. Fails where there is no usable credential.
    virtual std::string authorization() = 0;
};

}  // namespace k8sc
