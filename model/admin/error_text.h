// error_text.h - what a BSD says about an error number.
// Source:  strerror(3) of OpenBSD; the host's own library words some of them differently.
// Shapes:  int errno in, a literal out.
// Locks:   none; a pure function.
// Errors:  none; "Unknown error" for a number that no command of ours can meet.
#pragma once

namespace model::admin {

[[nodiscard]] const char* error_text(int error);

}  // namespace model::admin
