// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch/pickle_trace.h"

#include <bit>
#include <charconv>
#include <map>
#include <unordered_map>
#include <utility>

#include "core/files/byte_order.h"
#include "core/io/torch/joblib_array.h"
#include "core/io/torch/pickle_opcodes.h"
#include "core/io/torch/pickle_strings.h"

namespace lapidary::core {
namespace {

using Kind = PickleValue::Kind;
constexpr std::size_t maxValues = 1'000'000;

/// Python 2's names for what Python 3 calls otherwise (the table that its unpickler applies).
std::string presentName(std::string_view module) {
  if (module == "__builtin__") return "builtins";
  if (module == "copy_reg") return "copyreg";
  return std::string(module);
}

class Machine {
 public:
  Machine(std::span<const std::byte> bytes, std::size_t offset, const Progress& progress, int depth = 0)
      : m_bytes(bytes), m_scanner(bytes, offset), m_progress(progress), m_depth(depth) {
    m_trace.start = m_trace.end = offset;
  }

  PickleTrace run() {
    try {
      while (const auto step = m_scanner.next()) {
        if (++m_trace.steps % 65536 == 0) m_progress.check();
        m_trace.end = step->end;
        m_now = step->offset;
        apply(*step);
        if (step->is("BUILD")) passArray();
        if (m_trace.values.size() > maxValues)
          throw Error(ErrorKind::InvalidInput,
                      "the pickle holds more than " + std::to_string(maxValues) + " values");
      }
    } catch (const Error& error) {
      m_trace.fault = error.what();
    }
    return std::move(m_trace);
  }

 private:
  using Handler = void (Machine::*)(const PickleStep&);
  static const std::map<std::string_view, Handler>& handlers();

  void apply(const PickleStep& step) {
    const auto handler = handlers().find(step.opcode->name);
    if (handler != handlers().end()) (this->*handler->second)(step);
  }

  PickleId make(Kind kind) {
    m_trace.values.push_back({});
    m_trace.values.back().kind = kind;
    m_trace.values.back().offset = m_now;
    return static_cast<PickleId>(m_trace.values.size() - 1);
  }
  PickleValue& value(PickleId id) { return m_trace.values[id]; }
  void push(PickleId id) { m_stack.push_back(id); }
  PickleId pushNew(Kind kind) {
    push(make(kind));
    return m_stack.back();
  }
  void odd(std::string what, bool onGlobal = false) {
    m_trace.oddities.push_back({m_now, std::move(what), onGlobal});
  }

  PickleId pop() {
    if (m_stack.size() > floor()) {
      const PickleId id = m_stack.back();
      m_stack.pop_back();
      return id;
    }
    odd("takes a value from an empty stack");
    return make(Kind::Unknown);
  }
  PickleId top() {
    if (m_stack.size() > floor()) return m_stack.back();
    odd("looks at the top of an empty stack");
    return pushNew(Kind::Unknown);
  }
  std::size_t floor() const { return m_marks.empty() ? 0 : m_marks.back(); }
  std::vector<PickleId> popToMark() {
    if (m_marks.empty()) {
      odd("goes back to a mark that was not set");
      return std::exchange(m_stack, {});
    }
    std::vector<PickleId> taken(m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back()), m_stack.end());
    m_stack.resize(m_marks.back());
    m_marks.pop_back();
    return taken;
  }

  void integer(std::int64_t number, Kind kind = Kind::Integer) { value(pushNew(kind)).number = number; }
  void text(std::string content, Kind kind) { value(pushNew(kind)).text = std::move(content); }
  void container(Kind kind, std::vector<PickleId> items) { value(pushNew(kind)).items = std::move(items); }

  /// A memo index, or the number of an INT: digits, as Python writes them.
  std::optional<std::int64_t> lineNumber(std::string_view line) {
    if (line.ends_with('L')) line.remove_suffix(1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
    if (error != std::errc{} || end != line.data() + line.size()) return std::nullopt;
    return number;
  }

  PickleId global(std::string_view module, std::string_view name) {
    const PickleId id = make(Kind::Global);
    value(id).module = presentName(module);
    value(id).text = name;
    m_trace.lookups.push_back({m_now, id, true});
    return id;
  }
  void call(const PickleStep& step, PickleId callee, PickleId arguments) {
    container(Kind::Call, {callee, arguments});
    m_trace.calls.push_back({m_now, step.opcode->name, m_stack.back()});
  }
  /// Elements, or keys and values, into a container or into what a call made.
  void add(PickleId target, const std::vector<PickleId>& items) {
    PickleValue& to = value(target);
    if (to.kind == Kind::Global) odd("puts something into " + to.module + '.' + to.text, true);
    auto& container = to.kind == Kind::Call ? to.added : to.items;
    container.insert(container.end(), items.begin(), items.end());
  }

  // One function an opcode, or a family of them.
  void mark(const PickleStep&) { m_marks.push_back(m_stack.size()); }
  void stop(const PickleStep&) { m_trace.root = pop(); }
  void popOne(const PickleStep& step) {
    if (m_stack.size() > floor() || m_marks.empty())
      pop();
    else
      popMark(step);
  }
  void popMark(const PickleStep&) { popToMark(); }
  void dup(const PickleStep&) { push(top()); }
  void real(const PickleStep& step) {
    double number = 0;
    if (step.opcode->argument == PickleArgument::Float8)
      number = std::bit_cast<double>(bigEndian(m_bytes, step.end - 8, 8));
    else
      std::from_chars(step.text.data(), step.text.data() + step.text.size(), number);
    value(pushNew(Kind::Float)).real = number;
  }
  void intLine(const PickleStep& step) {
    if (step.text == "00" || step.text == "01") return integer(step.text == "01", Kind::Bool);
    const auto number = lineNumber(step.text);
    number ? integer(*number) : void(pushNew(Kind::Unknown));
  }
  void small(const PickleStep& step) { integer(step.number); }
  void longBytes(const PickleStep& step) {
    if (step.text.size() > 8) return void(pushNew(Kind::Unknown));
    std::uint64_t number = step.text.empty() || step.text.back() >= 0 ? 0 : ~std::uint64_t{0};
    for (std::size_t i = step.text.size(); i-- > 0;)
      number = number << 8 | static_cast<unsigned char>(step.text[i]);
    integer(static_cast<std::int64_t>(number));
  }
  void none(const PickleStep&) { pushNew(Kind::None); }
  void yes(const PickleStep&) { integer(1, Kind::Bool); }
  void no(const PickleStep&) { integer(0, Kind::Bool); }
  void string(const PickleStep& step) { text(unquotedPickleString(step.text), Kind::Text); }
  void unicode(const PickleStep& step) { text(unescapedPickleText(step.text), Kind::Text); }
  void binaryText(const PickleStep& step) { text(std::string(step.text), Kind::Text); }
  void byteString(const PickleStep& step) { text(std::string(step.text), Kind::ByteString); }
  void persistentLine(const PickleStep& step) {
    text(std::string(step.text), Kind::Text);
    container(Kind::Persistent, {pop()});
  }
  void persistent(const PickleStep&) { container(Kind::Persistent, {pop()}); }
  void reduce(const PickleStep& step) {
    const PickleId arguments = pop(), callee = pop();
    call(step, callee, arguments);
  }
  void newObjectEx(const PickleStep& step) {
    const PickleId named = pop(), arguments = pop(), callee = pop();
    call(step, callee, arguments);
    value(m_stack.back()).items.push_back(named);
  }
  void object(const PickleStep& step) {
    std::vector<PickleId> items = popToMark();
    PickleId callee = 0;
    if (items.empty()) {
      odd("makes an object without naming its class");
      callee = make(Kind::Unknown);
    } else {
      callee = items.front();
      items.erase(items.begin());
    }
    const PickleId arguments = make(Kind::Tuple);
    value(arguments).items = std::move(items);
    call(step, callee, arguments);
  }
  void instance(const PickleStep& step) {
    const PickleId callee = global(step.text, step.second), arguments = make(Kind::Tuple);
    value(arguments).items = popToMark();
    call(step, callee, arguments);
  }
  void globalName(const PickleStep& step) { push(global(step.text, step.second)); }
  void stackGlobal(const PickleStep&) {
    const PickleId name = pop(), module = pop();
    if (value(name).kind == Kind::Text && value(module).kind == Kind::Text)
      return push(global(std::string(value(module).text), std::string(value(name).text)));
    m_trace.lookups.push_back({m_now, pushNew(Kind::Global), false});
  }
  void extension(const PickleStep& step) {
    const PickleId id = pushNew(Kind::Global);
    value(id).module = "copyreg";
    value(id).text = "extension " + std::to_string(step.number);
    m_trace.lookups.push_back({m_now, id, false});
  }
  void build(const PickleStep&) {
    const PickleId state = pop(), target = top();
    if (value(target).kind == Kind::Global)
      odd("changes " + value(target).module + '.' + value(target).text, true);
    value(target).state = state;
  }
  /// Behind a wrapper of joblib's stand the array's numbers.
  void passArray() {
    const auto array = joblibArray(m_trace, m_stack.back());
    if (!array) return;
    PickleTrace::Stretch stretch{m_scanner.position(), 0, array->pickled};
    if (array->pickled) {
      if (m_depth >= deepestArray)
        throw Error(ErrorKind::InvalidInput, "pickles stand in pickles without end");
      const PickleTrace inner = Machine(m_bytes, stretch.offset, m_progress, m_depth + 1).run();
      if (!inner.fault.empty()) throw Error(ErrorKind::InvalidInput, "an array's objects: " + inner.fault);
      stretch.length = inner.end - inner.start;
    } else {
      if (array->padded && stretch.offset < m_bytes.size())
        m_scanner.skip(1 + std::to_integer<std::uint64_t>(m_bytes[stretch.offset]));
      stretch.offset = m_scanner.position();
      stretch.length = array->bytes;
    }
    m_scanner.skip(stretch.length);
    m_trace.arrays.push_back(stretch);
    m_trace.end = m_scanner.position();
  }
  void append(const PickleStep&) {
    const PickleId item = pop();
    add(top(), {item});
  }
  void addMarked(const PickleStep&) {
    const std::vector<PickleId> items = popToMark();
    add(top(), items);
  }
  void setItem(const PickleStep&) {
    const PickleId item = pop(), key = pop();
    add(top(), {key, item});
  }
  void tuple(const PickleStep&) { container(Kind::Tuple, popToMark()); }
  void list(const PickleStep&) { container(Kind::List, popToMark()); }
  void dict(const PickleStep&) { container(Kind::Dict, popToMark()); }
  void frozenSet(const PickleStep&) { container(Kind::Set, popToMark()); }
  void emptyTuple(const PickleStep&) { pushNew(Kind::Tuple); }
  void emptyList(const PickleStep&) { pushNew(Kind::List); }
  void emptyDict(const PickleStep&) { pushNew(Kind::Dict); }
  void emptySet(const PickleStep&) { pushNew(Kind::Set); }
  void shortTuple(const PickleStep& step) {
    std::vector<PickleId> items(step.opcode->code == '\x85' ? 1u : step.opcode->code == '\x86' ? 2u : 3u);
    for (std::size_t i = items.size(); i-- > 0;) items[i] = pop();
    container(Kind::Tuple, std::move(items));
  }
  void put(const PickleStep& step) {
    const auto index = step.opcode->argument == PickleArgument::Line ? lineNumber(step.text) : step.number;
    if (!index) return odd("writes a memo whose number cannot be read");
    m_memo[*index] = top();
  }
  /// Python numbers these by how many memos there are, whoever wrote them.
  void memoize(const PickleStep&) {
    const PickleId id = top();
    m_memo[static_cast<std::int64_t>(m_memo.size())] = id;
  }
  void get(const PickleStep& step) {
    const auto index = step.opcode->argument == PickleArgument::Line ? lineNumber(step.text) : step.number;
    const auto found = index ? m_memo.find(*index) : m_memo.end();
    if (found != m_memo.end()) return push(found->second);
    odd("reads a memo that was not written");
    pushNew(Kind::Unknown);
  }
  void buffer(const PickleStep&) { pushNew(Kind::Unknown); }
  void protocol(const PickleStep& step) { m_trace.protocol = static_cast<int>(step.number); }

  std::span<const std::byte> m_bytes;
  PickleScanner m_scanner;
  const Progress& m_progress;
  PickleTrace m_trace;
  std::vector<PickleId> m_stack;
  std::vector<std::size_t> m_marks;
  std::unordered_map<std::int64_t, PickleId> m_memo;
  std::size_t m_now = 0;
  static constexpr int deepestArray = 4;
  int m_depth;
};

const std::map<std::string_view, Machine::Handler>& Machine::handlers() {
  using M = Machine;
  static const std::map<std::string_view, Handler> table{
      {"MARK", &M::mark},
      {"STOP", &M::stop},
      {"POP", &M::popOne},
      {"POP_MARK", &M::popMark},
      {"DUP", &M::dup},
      {"FLOAT", &M::real},
      {"BINFLOAT", &M::real},
      {"INT", &M::intLine},
      {"LONG", &M::intLine},
      {"BININT", &M::small},
      {"BININT1", &M::small},
      {"BININT2", &M::small},
      {"LONG1", &M::longBytes},
      {"LONG4", &M::longBytes},
      {"NONE", &M::none},
      {"NEWTRUE", &M::yes},
      {"NEWFALSE", &M::no},
      {"STRING", &M::string},
      {"BINSTRING", &M::binaryText},
      {"SHORT_BINSTRING", &M::binaryText},
      {"UNICODE", &M::unicode},
      {"BINUNICODE", &M::binaryText},
      {"SHORT_BINUNICODE", &M::binaryText},
      {"BINUNICODE8", &M::binaryText},
      {"BINBYTES", &M::byteString},
      {"SHORT_BINBYTES", &M::byteString},
      {"BINBYTES8", &M::byteString},
      {"BYTEARRAY8", &M::byteString},
      {"PERSID", &M::persistentLine},
      {"BINPERSID", &M::persistent},
      {"REDUCE", &M::reduce},
      {"NEWOBJ", &M::reduce},
      {"NEWOBJ_EX", &M::newObjectEx},
      {"OBJ", &M::object},
      {"INST", &M::instance},
      {"GLOBAL", &M::globalName},
      {"STACK_GLOBAL", &M::stackGlobal},
      {"EXT1", &M::extension},
      {"EXT2", &M::extension},
      {"EXT4", &M::extension},
      {"BUILD", &M::build},
      {"APPEND", &M::append},
      {"APPENDS", &M::addMarked},
      {"ADDITEMS", &M::addMarked},
      {"SETITEM", &M::setItem},
      {"SETITEMS", &M::addMarked},
      {"TUPLE", &M::tuple},
      {"LIST", &M::list},
      {"DICT", &M::dict},
      {"FROZENSET", &M::frozenSet},
      {"EMPTY_TUPLE", &M::emptyTuple},
      {"EMPTY_LIST", &M::emptyList},
      {"EMPTY_DICT", &M::emptyDict},
      {"EMPTY_SET", &M::emptySet},
      {"TUPLE1", &M::shortTuple},
      {"TUPLE2", &M::shortTuple},
      {"TUPLE3", &M::shortTuple},
      {"PUT", &M::put},
      {"BINPUT", &M::put},
      {"LONG_BINPUT", &M::put},
      {"MEMOIZE", &M::memoize},
      {"GET", &M::get},
      {"BINGET", &M::get},
      {"LONG_BINGET", &M::get},
      {"NEXT_BUFFER", &M::buffer},
      {"PROTO", &M::protocol},
  };
  return table;
}

}  // namespace

PickleTrace tracePickle(std::span<const std::byte> bytes, std::size_t offset, const Progress& progress) {
  return Machine(bytes, offset, progress).run();
}

}  // namespace lapidary::core
