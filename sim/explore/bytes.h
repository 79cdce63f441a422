// bytes.h - values as bytes, for another process of the same program or for a later one.
// Source:  ours.
// Shapes:  plain values as they lie in memory, lengths before lists. Who writes to a file puts a version and
//          a check sum before it.
// Locks:   none.
// Errors:  reading beyond the end, or a list that cannot be so long, gives zeroes and ok() false.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sim {

class byte_writer {
  public:
    template <typename T>
    void put(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void put_text(std::string_view text) {
        put(static_cast<uint64_t>(text.size()));
        bytes_.append(text);
    }
    template <typename T>
    void put_list(const std::vector<T>& list) {
        static_assert(std::is_trivially_copyable_v<T>);
        put_text({reinterpret_cast<const char*>(list.data()), list.size() * sizeof(T)});
    }
    // A list of what is written by `one`.
    template <typename T, typename One>
    void put_each(const std::vector<T>& list, One one) {
        put(static_cast<uint64_t>(list.size()));
        for (const T& value : list) {
            one(*this, value);
        }
    }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }
    std::string take() { return std::move(bytes_); }

  private:
    std::string bytes_;
};

class byte_reader {
  public:
    explicit byte_reader(std::string_view bytes) : left_(bytes) {}
    template <typename T>
    T get() {
        static_assert(std::is_trivially_copyable_v<T>);
        T value{};
        const std::string_view from = take(sizeof value);
        if (ok_) {
            std::memcpy(&value, from.data(), sizeof value);
        }
        return value;
    }
    std::string get_text() { return std::string(take(get<uint64_t>())); }
    template <typename T>
    std::vector<T> get_list() {
        static_assert(std::is_trivially_copyable_v<T>);
        const std::string_view from = take(get<uint64_t>());
        std::vector<T> list(from.size() / sizeof(T));
        if (!list.empty()) {
            std::memcpy(list.data(), from.data(), list.size() * sizeof(T));
        }
        return list;
    }
    template <typename T, typename One>
    std::vector<T> get_each(One one) {
        std::vector<T> list;
        for (auto n = get<uint64_t>(); n != 0 && ok_; --n) {
            list.push_back(one(*this));
        }
        return list;
    }
    // What was read means nothing.
    void refuse() { ok_ = false; }
    // Nothing was missing, and with `whole` nothing is left.
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool whole() const { return ok_ && left_.empty(); }

  private:
    std::string_view take(uint64_t size) {
        if (!ok_ || size > left_.size()) {
            ok_ = false;
            return {};
        }
        const std::string_view taken = left_.substr(0, size);
        left_.remove_prefix(size);
        return taken;
    }

    std::string_view left_;
    bool ok_ = true;
};

}  // namespace sim
