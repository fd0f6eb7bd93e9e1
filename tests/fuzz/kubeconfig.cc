// A kubeconfig as somebody wrote it. What it says need not make sense, but must not make it read files that it should
// not.
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    // Paths in it would be read: what is fuzzed is the text, not the disk.
    if (text_of(data, size).find("/") != std::string_view::npos ||
        text_of(data, size).find("tokenFile") != std::string_view::npos)
        return 0;
    k8sc_config *config = nullptr;
    k8sc_error *err = nullptr;
    k8sc_status status = k8sc_config_parse(reinterpret_cast<const char *>(data), size, nullptr, &config, &err);
    hold((status == K8SC_OK) == (config != nullptr) && (status == K8SC_OK) == (err == nullptr));
    hold(status != K8SC_E_INTERNAL);
    if (config) {
        hold(k8sc_config_server(config) != nullptr);
        k8sc_config *copy = nullptr;
        hold(k8sc_config_copy(config, &copy, nullptr) == K8SC_OK);
        k8sc_config_free(copy);
    }
    k8sc_config_free(config);
    k8sc_error_free(err);
    return 0;
}
