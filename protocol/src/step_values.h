// The members of a step's JSON object as values: what several kinds of steps have.
//
// As with ObjectReader, a value that is missing or wrong is reported and read as nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/step.h"
#include "object_reader.h"

namespace framespec {

/// What a text may be, for messages.
inline constexpr std::string_view kAnyText = "a string";

std::uint64_t count_of(ObjectReader& object, const char* key);

std::string text_of(ObjectReader& object, const char* key);

bool is_said(ObjectReader& object, const char* key);

ByteVector bytes_of(ObjectReader& object, const char* key);

/// As `key` in hex, or as a text by the name `text_key`.
ByteVector bytes_or_text_of(ObjectReader& object, const char* key, const char* text_key);

/// Ascending offsets above 0, up to `last`.
std::vector<std::uint64_t> offsets_of(ObjectReader& object, const char* key, std::uint64_t last,
                                      FirstError& error);

/// The stretches of `size` bytes that the member `key` has, if it is there.
std::vector<step::Stretch> stretches_of(ObjectReader& object, const char* key, std::uint64_t size,
                                        FirstError& error);

/// An array of texts; empty where the key is absent.
std::vector<std::string> texts_of(ObjectReader& object, const char* key, FirstError& error);

step::ExpectedFrame read_frame(const nlohmann::json& value, std::string path, FirstError& error);

/// The member "copies", if there is one, of a send of `size` bytes.
std::vector<step::Copy> copies_of(ObjectReader& object, std::uint64_t size, FirstError& error);

/// The member `key`, which is there: a shipped dialect by its name, or the object of a dialect
/// file.
Dialect dialect_of(ObjectReader& object, const char* key, FirstError& error);

}  // namespace framespec
