// What a request asks of whatever knows who the user is.
#pragma once

#include <functional>
#include <string>

#include "core/error.h"
#include "core/ref.h"
#include "core/secret_text.h"
#include "net/io_thread.h"

namespace k8sc {

// A client certificate with its key.
struct KeyPair : RefCounted {
    KeyPair(std::string certificate, SecretText key) : certificate_pem(std::move(certificate)), key_pem(std::move(key))
    {
    }

    const std::string certificate_pem;
    const SecretText key_pem;
};

// What one request is sent with.
struct Credential {
    SecretText authorization;  // the value of the header; "" for none
    Ref<KeyPair> key_pair;     // NULL: the one of the configuration, if any

    bool operator==(const Credential &other) const
    {
        if (authorization != other.authorization || bool(key_pair) != bool(other.key_pair)) return false;
        return !key_pair || (key_pair->certificate_pem == other.key_pair->certificate_pem &&
                             key_pair->key_pem == other.key_pair->key_pem);
    }
};

// All on the I/O thread. Nothing here may block for longer than reading a small file takes.
class Credentials : public RefCounted {
  public:
    // `error` is NULL where there is a credential.
    using Ready = std::function<void(const Error *error, const Credential &credential)>;

    // Calls `ready` once: before this returns where the answer is known, else when it is.
    virtual void get(Ready ready) K8SC_REQUIRES(io_thread) = 0;
    // The server refused this credential (401): what get() answers next should be a newer one, if there is any.
    virtual void rejected(const Credential &credential) K8SC_REQUIRES(io_thread) { (void)credential; }
    // The client closes: whatever was begun ends soon. Those who wait for get() are answered, or wait no more.
    virtual void shut_down() K8SC_REQUIRES(io_thread) {}
};

}  // namespace k8sc
