#pragma once
// The one door to the running computer, made of four. A function that needs one of them takes that one: so its
// signature says what it can do, and a test fakes no more. platform/ implements it. Inherited virtually: an
// implementation may be put together from implementations of the parts.

#include <optional>
#include <string>

#include "platform/clock.h"
#include "platform/machine.h"
#include "platform/network.h"
#include "platform/processes.h"
#include "platform/programs.h"

namespace unstick {

class Host : public virtual Clock, public virtual Processes, public virtual Programs, public virtual Network {
public:
    virtual Machine machine() const = 0;

    /// A text in the registry, below HKEY_LOCAL_MACHINE or, if it is not there, HKEY_CURRENT_USER; std::nullopt if it
    /// is in neither, or is no text. Only Windows has such a thing.
    virtual std::optional<std::string> registry_text(const RegistryText&) const { return std::nullopt; }
};

}  // namespace unstick
