#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/deployment/world.hpp"

/// Deployments for tests.

namespace compot::deployment {

inline Result<Deployment, Failure> read(const std::string& text,
                                        const std::vector<std::string>& sets = {},
                                        const std::string& other_file = "") {
    std::vector<scenario::Override> overrides;
    for (const std::string& set : sets) overrides.push_back(*scenario::parse_override(set));
    return parse(text, "folder/x.toml", overrides,
                 [&](const std::string&) -> Result<std::string, Failure> { return other_file; });
}

inline std::string refusal(const std::string& text, const std::vector<std::string>& sets = {},
                           const std::string& other_file = "") {
    const auto deployment = read(text, sets, other_file);
    return deployment.ok() ? "" : deployment.error().sentence;
}

inline Deployment whole(const std::string& text, const std::vector<std::string>& sets = {},
                        const std::string& other_file = "") {
    const auto deployment = read(text, sets, other_file);
    EXPECT_TRUE(deployment.ok()) << (deployment.ok() ? "" : deployment.error().sentence);
    return deployment.ok() ? *deployment : Deployment{};
}

}  // namespace compot::deployment
