// The C interface of the WebAssembly binary: names and bytes in, names and bytes out. wasm/engine.ts is its only caller and
// wasm/abi.ts its description. One request at a time; the workbench does everything else, and everything that can fail.
#include <emscripten/emscripten.h>
#include <malloc.h>

#include "workbench.hpp"

namespace {

using bnlab::Arguments;
using bnlab::Dtype;
using bnlab::Error;
using bnlab::Index;
using bnlab::Reply;
using bnlab::Status;
using bnlab::Tensor;
using bnlab::Workbench;

// One leaf of the reply as the caller reads it from memory.
struct Record {
  std::int32_t kind = 0;  // the alternative's place in bnlab::Value: number, boolean, text, tensor
  const char* name = nullptr;
  std::int32_t name_length = 0;
  std::int32_t dtype = 0;
  std::int32_t rank = 0;
  std::int32_t dims[4] = {};
  const void* data = nullptr;
  std::int32_t data_bytes = 0;
  std::int32_t padding = 0;
  double number = 0;
};
static_assert(sizeof(Record) == 56, "the layout wasm/abi.ts describes");

struct Session {
  Workbench workbench;
  Arguments arguments;
  Reply reply;
  std::string scratch;
  Record record;
};

Session& session() {
  static Session instance;
  return instance;
}

std::string scratch_text(std::int32_t from, std::int32_t length) {
  return session().scratch.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(length));
}

Status run(const std::string& operation) {
  Session& s = session();
  if (operation != "memory") return s.workbench.call(operation, s.arguments, s.reply);
  // The only operation that asks the platform rather than the engine.
  if (Status status = s.arguments.finish(); !status.ok()) return status;
  s.arguments.clear();
  s.reply.add("bytes", static_cast<double>(mallinfo().uordblks));
  return {};
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE void bnlab_begin() {
  session().arguments.clear();
  session().reply = Reply();
}

EMSCRIPTEN_KEEPALIVE char* bnlab_reserve(std::int32_t bytes) {
  session().scratch.assign(static_cast<std::size_t>(bytes), '\0');
  return session().scratch.data();
}

EMSCRIPTEN_KEEPALIVE void bnlab_number(std::int32_t name_length, double value) {
  session().arguments.add(scratch_text(0, name_length), value);
}

EMSCRIPTEN_KEEPALIVE void bnlab_boolean(std::int32_t name_length, std::int32_t value) {
  session().arguments.add(scratch_text(0, name_length), value != 0);
}

EMSCRIPTEN_KEEPALIVE void bnlab_text(std::int32_t name_length, std::int32_t text_length) {
  session().arguments.add(scratch_text(0, name_length), scratch_text(name_length, text_length));
}

EMSCRIPTEN_KEEPALIVE void* bnlab_tensor(std::int32_t name_length, std::int32_t dtype, std::int32_t rank,
                                        std::int32_t d0, std::int32_t d1, std::int32_t d2, std::int32_t d3) {
  constexpr double kMaxBytes = 256e6;
  std::vector<Index> shape;
  double bytes = static_cast<double>(bnlab::bytes_of(static_cast<Dtype>(dtype)));
  for (const std::int32_t extent : {d0, d1, d2, d3}) {
    if (static_cast<std::int32_t>(shape.size()) == rank) break;
    shape.push_back(extent);
    bytes *= extent;
  }
  if (bytes > kMaxBytes || !bnlab::has_room(bytes)) return nullptr;
  return session().arguments.add_tensor(scratch_text(0, name_length), static_cast<Dtype>(dtype),
                                        std::move(shape));
}

EMSCRIPTEN_KEEPALIVE std::int32_t bnlab_call(std::int32_t name_length) {
  Session& s = session();
  s.reply = Reply();
  const Status status = run(scratch_text(0, name_length));
  s.arguments.clear();
  if (status.ok()) return 0;
  const Error& error = status.error();
  s.reply = Reply();
  s.reply.add("argument", error.argument);
  s.reply.add("expected", error.expected);
  s.reply.add("actual", error.actual);
  s.reply.add("hint", error.hint);
  return 1;
}

EMSCRIPTEN_KEEPALIVE std::int32_t bnlab_reply_count() {
  return static_cast<std::int32_t>(session().reply.leaves().size());
}

EMSCRIPTEN_KEEPALIVE const void* bnlab_reply(std::int32_t index) {
  const auto& [name, value] = session().reply.leaves()[static_cast<std::size_t>(index)];
  Record& record = session().record;
  record = Record();
  record.kind = static_cast<std::int32_t>(value.index());
  record.name = name.data();
  record.name_length = static_cast<std::int32_t>(name.size());
  if (const auto* number = std::get_if<double>(&value)) record.number = *number;
  if (const auto* flag = std::get_if<bool>(&value)) record.number = *flag ? 1 : 0;
  if (const auto* text = std::get_if<std::string>(&value)) {
    record.data = text->data();
    record.data_bytes = static_cast<std::int32_t>(text->size());
  }
  if (const auto* tensor = std::get_if<Tensor>(&value)) {
    record.dtype = static_cast<std::int32_t>(tensor->dtype);
    record.rank = static_cast<std::int32_t>(tensor->shape.size());
    for (std::size_t i = 0; i < tensor->shape.size(); ++i)
      record.dims[i] = static_cast<std::int32_t>(tensor->shape[i]);
    record.data = tensor->bytes.get();
    record.data_bytes = static_cast<std::int32_t>(tensor->byte_count());
  }
  return &record;
}

}  // extern "C"
