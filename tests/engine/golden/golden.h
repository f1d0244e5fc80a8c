// Reads what make.py wrote: records of named arrays.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/ndarray/index_array.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad::golden {

struct Record {
  std::string name;
  std::map<std::string, NdArray> arrays;

  bool has(const std::string& key) const { return arrays.contains(key); }
  const NdArray& operator[](const std::string& key) const;
  IndexArray indices(const std::string& key) const;  // an array of whole numbers
};

std::vector<Record> ops();
std::vector<Record> losses();
std::vector<Record> layers();
std::vector<Record> optimizers();
std::vector<Record> training();
std::vector<Record> special();
std::vector<Record> schedules();

}  // namespace lanegrad::golden
