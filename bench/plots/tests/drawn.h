// What was drawn, read back from the text.
#pragma once

#include <regex>
#include <string>
#include <vector>

#include "plots/svg.h"

namespace framespec::bench {

/// Where forms with that class stand, in the order of the drawing.
inline std::vector<Point> forms_in(const std::string& svg, const std::string& of_class) {
  const std::regex form("<path class=\"mark " + of_class + "\" d=\"M([0-9.]+) ([0-9.]+)m");
  std::vector<Point> places;
  for (std::sregex_iterator each(svg.begin(), svg.end(), form); each != std::sregex_iterator();
       ++each) {
    places.push_back({.x = std::stod((*each)[1]), .y = std::stod((*each)[2])});
  }
  return places;
}

}  // namespace framespec::bench
