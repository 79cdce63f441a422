#include "scenarios/command/sources.h"

#include <filesystem>
#include <memory>

#include "scenarios/command/execution.h"
#include "scenarios/runner/model_sources.h"

namespace scenario {

namespace {

namespace fs = std::filesystem;

viz::source_reader files_near(const std::string& program) {
    const fs::path folder = fs::path(program).parent_path();
    return [folder](const std::string& file) {
        std::string text;
        if (!read_text(file, text)) {
            text.clear();
            if (!read_text((folder / fs::path(file).filename()).string(), text)) {
                text.clear();
            }
        }
        return text;
    };
}

}  // namespace

viz::source_reader sources_of(const sim::trace& t, const std::string& x,
                              const explore_request& request) {
    subject s;
    token_source source;
    std::string error;
    if (!open_token(x, t.header.token, request, {}, s, source, error)) {
        return nullptr;
    }
    if (!s.race) {
        return files_near(s.path);
    }
    const auto tree = std::make_shared<model_tree>();
    if (!model_sources(patches_of(s.text, request, source.variant), *tree, error)) {
        return nullptr;
    }
    return [tree](const std::string& file) {
        const auto at = tree->find(file);
        return at == tree->end() ? std::string() : at->second.text;
    };
}

}  // namespace scenario
