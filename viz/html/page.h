// page.h - the files of the page, built into the library: an installed heddle needs none of them.
// Source:  page.html, *.css, *.js of this folder, by embed.cmake.
// Shapes:  UTF-8 texts as they stand in the files; scripts in the order in which they run.
// Locks:   none; constants.
// Errors:  none.
#pragma once

#include <span>
#include <string_view>

namespace viz {

extern const std::string_view page_html;
extern const std::string_view page_style;
extern const std::span<const std::string_view> page_scripts;

}  // namespace viz
