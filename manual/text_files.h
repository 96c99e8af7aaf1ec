// What is made of a program's description for those who use it.
#pragma once

#include <string>

#include "description.h"

namespace framespec::manual {

/// The page of section 1, in the macros of man(7) (share/man/man1/NAME.1).
std::string man_page(const Program& program);

/// A script that bash sources (share/bash-completion/completions/NAME).
std::string bash_completion(const Program& program);

/// A function of zsh's completion system (share/zsh/site-functions/_NAME).
std::string zsh_completion(const Program& program);

/// A script that fish sources (share/fish/vendor_completions.d/NAME.fish).
std::string fish_completion(const Program& program);

}  // namespace framespec::manual
