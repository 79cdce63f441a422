// model_cache.h - the folder in which modules made from patches are kept.
// Source:  FOLDER/KEY/model.so; the key names everything that the module is made of. FOLDER/objects is
//          for what modules are linked from (object_cache.h).
// Shapes:  at most modules_max modules, those used last; one maker at a time, over all processes.
// Locks:   the file FOLDER/lock, held by flock while a module is being made; its holder's death frees
//          it. Looking a module up takes no lock: it appears by rename.
// Errors:  the folder cannot be made or locked: a message.
#pragma once

#include <functional>
#include <string>

namespace scenario {

class model_cache {
  public:
    static constexpr size_t modules_max = 64;

    explicit model_cache(std::string folder) : folder_(std::move(folder)) {}
    ~model_cache();

    // Where objects are kept beside the modules; nothing of it is removed here.
    [[nodiscard]] static std::string objects_in(const std::string& folder);

    model_cache(const model_cache&) = delete;
    model_cache& operator=(const model_cache&) = delete;

    // The module's path if it is there; marks it as used.
    [[nodiscard]] bool find(const std::string& key, std::string& module) const;

    // Waits until nobody else makes a module; calls `waiting` if that is so now.
    [[nodiscard]] bool lock(const std::function<void()>& waiting, std::string& error);

    // An empty folder in which to make the module of this key; requires the lock.
    [[nodiscard]] bool begin(const std::string& key, std::string& folder, std::string& error) const;

    // Removes what was left beside the module, and the folder itself if no module was made; then
    // what was used longest ago. Requires the lock.
    void end(const std::string& key) const;

  private:
    [[nodiscard]] std::string module_of(const std::string& key) const;
    void remove_old() const;

    std::string folder_;
    int lock_ = -1;  // descriptor of the lock file
};

}  // namespace scenario
