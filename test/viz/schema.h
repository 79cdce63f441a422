// schema.h - checks a JSON value against a JSON Schema: as much of it as the schemas here use, and no word more.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace test {

// "" or where the value breaks which rule: "/runs/0: lacks \"tool\"". A word of the schema that is not
// known is a complaint, too, so that no rule is passed over.
std::string broken_rule(const nlohmann::json& value, const nlohmann::json& schema);

nlohmann::json schema_file(const std::string& path);

}  // namespace test
