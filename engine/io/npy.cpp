// The header is a Python dictionary, of which only what numpy writes is understood.
#include "engine/io/npy.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/number.h"
#include "engine/io/number_types.h"

namespace lanegrad {

namespace {

class Header {
 public:
  Header(std::string_view text, std::string_view array) : text_(text), array_(array) {}

  void read() {
    expect('{');
    unsigned seen = 0;
    while (!take('}')) {
      const std::string_view key = quoted();
      expect(':');
      const unsigned field = key == "descr"           ? 1
                             : key == "fortran_order" ? 2
                             : key == "shape"         ? 4
                                                      : 0;
      if (field == 0 || (seen & field) != 0)
        refuse("'", key.substr(0, 80), "' in the header, expected descr, fortran_order and shape");
      seen |= field;
      if (field == 1) read_type();
      if (field == 2) read_order();
      if (field == 4) read_shape();
      if (!take(',') && peek() != '}') refuse("a header that is no Python dictionary");
    }
    if (seen != 7) refuse("a header without descr, fortran_order or shape");
    if (peek() != 0) refuse("text behind the header's '}'");
  }

  NumberType type() const { return type_; }
  bool big_endian() const { return big_endian_; }
  bool fortran() const { return fortran_; }
  const Shape& shape() const { return shape_; }

 private:
  template <class... Pieces>
  [[noreturn]] void refuse(const Pieces&... pieces) const {
    fail(ErrorCode::CorruptData, "npz: array '", array_, "' has ", pieces...);
  }
  [[noreturn]] void refuse_type(std::string_view type) const {
    fail(ErrorCode::Unsupported, "npz: array '", array_, "' is of the type ", type.substr(0, 80),
         ", expected numbers such as '<f4'");
  }

  // The next character that is no space; 0 at the end.
  char peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char token) {
    if (peek() != token) return false;
    ++at_;
    return true;
  }
  void expect(char token) {
    if (!take(token)) refuse("a header that is no Python dictionary");
  }
  std::string_view quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') refuse("a header that is no Python dictionary");
    const std::size_t end = text_.find(quote, ++at_);
    if (end == std::string_view::npos) refuse("a header that is no Python dictionary");
    const std::string_view text = text_.substr(at_, end - at_);
    at_ = end + 1;
    return text;
  }

  void read_type() {
    // A list describes records.
    if (peek() == '[') refuse_type(text_.substr(at_));
    const std::string_view type = quoted();
    constexpr std::pair<std::string_view, NumberType> kTypes[] = {
        {"f2", NumberType::F16},  {"f4", NumberType::F32}, {"f8", NumberType::F64},
        {"b1", NumberType::Bool}, {"i1", NumberType::I8},  {"u1", NumberType::U8},
        {"i2", NumberType::I16},  {"u2", NumberType::U16}, {"i4", NumberType::I32},
        {"u4", NumberType::U32},  {"i8", NumberType::I64}, {"u8", NumberType::U64}};
    const std::string_view order = "<>=|";
    const auto* const found = std::find_if(
        std::begin(kTypes), std::end(kTypes),
        [&](const auto& known) { return type.size() == 3 && type.substr(1) == known.first; });
    if (found == std::end(kTypes) || order.find(type[0]) == std::string_view::npos)
      refuse_type(str("'", type.substr(0, 80), "'"));
    type_ = found->second;
    big_endian_ = type[0] == '>';
  }

  void read_order() {
    peek();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(at_, word.size()) != word) continue;
      at_ += word.size();
      fortran_ = value;
      return;
    }
    refuse("a fortran_order that is neither True nor False");
  }

  void read_shape() {
    Index extents[Shape::kMaxRank] = {};
    std::size_t rank = 0;
    Index count = 1;
    expect('(');
    while (!take(')')) {
      peek();
      const std::size_t end = std::min(text_.find_first_not_of("0123456789", at_), text_.size());
      const std::optional<std::uint64_t> extent = parse_whole(text_.substr(at_, end - at_));
      if (!extent) refuse("a shape that is no tuple of whole numbers");
      at_ = end;
      // Python 2 wrote long numbers so.
      take('L');
      if (!take(',') && peek() != ')') refuse("a shape that is no tuple of whole numbers");
      if (rank == std::size(extents))
        fail(ErrorCode::Unsupported, "npz: array '", array_, "' has more than ", Shape::kMaxRank,
             " axes, expected at most so many");
      if (*extent > std::uint64_t{Shape::kMaxElements} ||
          (*extent > 0 && count > Shape::kMaxElements / static_cast<Index>(*extent)))
        fail(ErrorCode::Unsupported, "npz: array '", array_, "' has more than ",
             Shape::kMaxElements, " numbers, the most an array may have");
      extents[rank++] = static_cast<Index>(*extent);
      count *= static_cast<Index>(*extent);
    }
    shape_ = Shape(std::span<const Index>(extents, rank));
  }

  std::string_view text_;
  std::string_view array_;
  std::size_t at_ = 0;
  NumberType type_ = NumberType::F32;
  bool big_endian_ = false;
  bool fortran_ = false;
  Shape shape_;
};

// The numbers, whose first axis is the fastest one, with the last one fastest.
std::vector<Real> row_major(const std::vector<Real>& values, const Shape& shape) {
  std::vector<Real> out(values.size());
  Index at[Shape::kMaxRank] = {};
  for (const Real value : values) {
    Index place = 0;
    for (int axis = 0; axis < shape.rank(); ++axis) place = place * shape[axis] + at[axis];
    out[static_cast<std::size_t>(place)] = value;
    for (int axis = 0; axis < shape.rank() && ++at[axis] == shape[axis]; ++axis) at[axis] = 0;
  }
  return out;
}

}  // namespace

NpyView parse_npy(std::span<const std::uint8_t> bytes, const std::string& name) {
  constexpr std::string_view kMagic = "\x93NUMPY";
  constexpr std::size_t kVersion = 8;  // the magic and the version
  const std::string quoted = name.substr(0, 80);
  const auto refuse = [&](const auto&... pieces) {
    fail(ErrorCode::CorruptData, "npz: array '", quoted, "' ", pieces...);
  };
  if (bytes.size() < kVersion + 2 ||
      !std::equal(kMagic.begin(), kMagic.end(), bytes.begin(),
                  [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; }))
    refuse("is no .npy file");
  const int version = bytes[6];
  if (version < 1 || version > 3)
    fail(ErrorCode::Unsupported, "npz: array '", quoted, "' is of version ", version,
         " of .npy, expected 1, 2 or 3");
  // How many bytes say how long the header is.
  const std::size_t length_size = version == 1 ? 2 : 4;
  std::size_t length = 0;
  if (bytes.size() < kVersion + length_size) refuse("ends within its header");
  for (std::size_t i = 0; i < length_size; ++i) {
    length |= std::size_t{bytes[kVersion + i]} << (8 * i);
  }
  const std::span<const std::uint8_t> rest = bytes.subspan(kVersion + length_size);
  if (length > rest.size()) refuse("ends within its header");
  Header header({reinterpret_cast<const char*>(rest.data()), length}, quoted);
  header.read();
  const std::span<const std::uint8_t> data = rest.subspan(length);
  const std::uint64_t expected =
      static_cast<std::uint64_t>(header.shape().size()) * size_of(header.type());
  if (data.size() != expected)
    refuse("has ", data.size(), " bytes, expected ", expected, " for its shape ", header.shape(),
           " and type");
  return {.type = header.type(),
          .big_endian = header.big_endian(),
          .fortran = header.fortran(),
          .shape = header.shape(),
          .data = data};
}

ModelTensor read_npy(std::span<const std::uint8_t> bytes, std::string name) {
  const NpyView view = parse_npy(bytes, name);
  ModelTensor array{.name = std::move(name), .shape = view.shape, .values = {}};
  array.values = to_reals(view.data, view.type, view.big_endian, array.name);
  if (view.fortran && array.shape.rank() > 1) array.values = row_major(array.values, array.shape);
  return array;
}

}  // namespace lanegrad
