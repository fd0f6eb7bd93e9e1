// What most waits are for, as `kubectl wait` has it.
#pragma once

#include "resource/until.h"

namespace k8sc {

// Until the object says that its condition of this type has this status. A condition that is about an earlier
// generation of the object does not count.
Ref<Object> wait_for_condition(UntilSpec spec, const std::string &type,
                               const std::string &status);  // Until the object that has the name at first is gone,
                                                            // whether or not another has it now.
void wait_for_deletion(UntilSpec spec);

}  // namespace k8sc
