#include "engine/io/table.h"

#include "engine/io/prepared_table.h"
#include "tests/fuzz/fuzz.h"

namespace lanegrad::fuzz {

std::vector<Bytes> seeds() {
  return {
      bytes_of("a,b,class\n1,2.5,x\n2,3.5,y\n3,,x\n4,1e3,y\n"),
      bytes_of("\xef\xbb\xbfid;when;\"a \"\"b\"\"\"\r\n1;31.01.2020;1.234,5\r\n2;1.2.2021;2,5\r\n"),
      bytes_of("1\t2\tyes\n3\t4\tno\n5\tNA\tyes\n"),
      bytes_of("name|share\n\"two\nlines\"|5 %\nx|7 %\n"),
      bytes_of("a;b\nGr\xf6\xdf"
               "e;1\nx;2\n"),
  };
}

void take(std::span<const std::uint8_t> input) {
  Table table("a.csv");
  // In two pieces, as a file comes.
  table.append(input.subspan(0, input.size() / 2));
  table.append(input.subspan(input.size() / 2));
  table.finish();
  require(table.rows() > 0 && table.columns().size() > 1, "it has no rows or one column");
  const auto texts = table.texts(0, table.rows());
  require(std::ssize(texts) == table.rows(), "it has other rows than it says");

  Table whole("a.csv");
  whole.append(input);
  whole.finish();
  require(whole.texts(0, whole.rows()) == texts, "it depends on where it was cut");

  PreparedTable prepared(table, {.target = table.columns().size() - 1});
  while (!prepared.advance(64)) continue;
  const auto& held = prepared.held_rows();
  std::vector<float> inputs(held.size() * prepared.inputs().size());
  prepared.encode(held, inputs.data());
  for (const float value : inputs) require(value == value, "an input is not a number");
  std::vector<std::int32_t> labels(held.size());
  if (prepared.has_classes()) prepared.labels(held, labels.data());
  for (const std::int32_t label : labels) {
    require(label >= 0 && (!prepared.has_classes() ||
                           label < static_cast<std::int32_t>(prepared.class_names().size())),
            "a label has no class");
  }
}

}  // namespace lanegrad::fuzz
