// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/texts/config_audit.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "core/audit/parts/wide_text.h"
#include "core/audit/texts/code_name.h"
#include "core/audit/texts/config_events.h"
#include "core/audit/texts/keras_object.h"
#include "core/audit/texts/template_escape.h"
#include "core/files/path_ending.h"
#include "core/files/shown_text.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;

constexpr int deepestText = 4;                 // configurations as text in configurations
constexpr std::size_t deepestConfig = 10'000;  // no reader of configurations goes as deep
constexpr std::size_t longestWord = 4096, mostWords = 64;
constexpr std::string_view pythonTag = "tag:yaml.org,2002:python/";

/// What a program calls: hydra, torchtune, jsonargparse and Lightning, jsonpickle.
constexpr std::array targetKeys{"_target_"sv,  "__target__"sv, "_component_"sv, "class_path"sv,
                                "py/object"sv, "py/type"sv,    "py/function"sv, "py/class"sv,
                                "py/mod"sv,    "py/module"sv,  "py/repr"sv,     "_import_path_"sv};
/// What is called when an object is made, with all that stands below.
constexpr std::array reduceKeys{"__reduce__"sv, "__reduce_ex__"sv, "py/reduce"sv, "__setstate__"sv};
/// Keys whose values are kept until their map ends, since they mean something together.
constexpr std::array wordKeys{"target"sv,          "_target_"sv, "path"sv,      "class_name"sv, "module"sv,
                              "registered_name"sv, "function"sv, "__class__"sv, "__module__"sv, "name"sv,
                              "class"sv,           "callable"sv, "attr"sv,      "vocabulary"sv, "func"sv};

bool isIn(std::string_view word, auto& table) { return std::ranges::find(table, word) != std::end(table); }

bool mentions(std::string_view text, auto& words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view around = " \t\r\n";
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(around);
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(around) - first + 1);
}

/// Python that a value holds to be evaluated, as MONAI does with what begins with "$" and OmegaConf with
/// "eval:".
bool evaluatesCode(std::string_view text) {
  constexpr std::array calls{
      "__import__"sv, "import os"sv, "import subprocess"sv, "os.system"sv,     "os.popen"sv,  "subprocess."sv,
      "exec("sv,      "eval("sv,     "builtins"sv,          "import socket"sv, "importlib"sv, "runpy"sv,
      "open("sv};
  return (text.starts_with("$") || text.find("${eval:") != std::string_view::npos) && mentions(text, calls);
}

class ConfigAudit final : public ConfigEvents {
 public:
  ConfigAudit(AuditRun& run, const AuditPart& part, std::string place, int depth, std::string_view text)
      : m_run(run),
        m_part(part),
        m_place(std::move(place)),
        m_depth(depth),
        m_keepsScalars(text.find("${") != std::string_view::npos) {}

  /// Targets that refer to other values, as OmegaConf resolves them: "${package}.${function}".
  void resolveReferences() {
    for (const auto& [where, text] : m_referring)
      if (const std::string whole = resolved(text); runsCode(whole))
        tellAt("config-runs-code", where, "the configuration calls " + shownText(whole));
  }

  void startMap(std::string_view tag) override { start(true, tag); }
  void startList(std::string_view tag) override { start(false, tag); }

  void end() override {
    if (m_tooDeep > 0) return void(--m_tooDeep);
    if (m_frames.empty()) return;
    if (m_frames.back().isMap) wholeMap(m_frames.back());
    m_frames.pop_back();
    done();
  }

  void scalar(std::string_view text, std::string_view tag) override {
    if (m_frames.empty() || m_frames.back().state != State::Key) {
      value(text, tag);
      return done();
    }
    m_frames.back().key = std::string(text.substr(0, longestWord));
    pythonObject(tag, text);
    done();
  }

 private:
  /// What a map waits for. A key may be a map or a list itself.
  enum class State { Key, Value };
  struct Frame {
    bool isMap = false;
    State state = State::Value;
    bool reduces = false;    ///< below one of reduceKeys
    bool isAutoMap = false;  ///< below "auto_map"
    std::string key;
    std::size_t index = 0;
    std::vector<std::pair<std::string, std::string>> words;
    bool hasParameters = false;  ///< for what "target" names
    bool hasConfig = false;      ///< as objects of Keras have

    const std::string& word(std::string_view name) const {
      static const std::string none;
      const auto found = std::ranges::find(words, name, &std::pair<std::string, std::string>::first);
      return found == words.end() ? none : found->second;
    }
  };

  void start(bool isMap, std::string_view tag) {
    pythonObject(tag, "");
    if (m_frames.size() >= deepestConfig || m_tooDeep > 0) {
      if (!std::exchange(m_toldDeep, true))
        tellAt("file-unreadable", "", "values are nested deeper than " + std::to_string(deepestConfig));
      return void(++m_tooDeep);
    }
    Frame next;
    next.isMap = isMap;
    next.state = isMap ? State::Key : State::Value;
    if (!m_frames.empty()) {
      Frame& frame = m_frames.back();
      if (frame.state == State::Key) frame.key = "?";
      const bool called = frame.isMap && isIn(frame.key, reduceKeys);
      if (called && frame.key.starts_with("__"))
        tell("config-runs-code", "has the key " + quotedText(frame.key));
      next.reduces = frame.reduces || called;
      next.isAutoMap = frame.isAutoMap || frame.key == "auto_map";
      if (frame.key == "params" || frame.key == "init_args" || frame.key == "kwargs")
        frame.hasParameters = true;
      if (frame.key == "config") frame.hasConfig = true;
    }
    m_frames.push_back(std::move(next));
  }

  /// A key or a value has come to its end.
  void done() {
    if (m_frames.empty()) return;
    Frame& frame = m_frames.back();
    ++frame.index;
    if (frame.isMap) frame.state = frame.state == State::Key ? State::Value : State::Key;
  }

  std::string path() const {
    std::string text;
    for (const Frame& frame : m_frames) {
      if (frame.isMap && !frame.key.empty())
        text += (text.empty() ? "" : ".") + shownText(frame.key, 40);
      else if (!frame.isMap)
        text += "[" + std::to_string(frame.index) + "]";
    }
    constexpr std::size_t longestPath = 200;
    return text.size() <= longestPath ? text : "..." + text.substr(text.size() - longestPath);
  }

  void tell(std::string_view rule, const std::string& what) { tellAt(rule, path(), what); }
  void tellAt(std::string_view rule, const std::string& where, const std::string& what) {
    std::string place = m_place;
    if (!where.empty()) place += (place.empty() ? "" : ", ") + where;
    m_run.add(rule, std::move(place), what);
  }

  /// Tags that make objects of Python: what they name is imported, and called by "apply" and "new".
  void pythonObject(std::string_view tag, std::string_view text) {
    const std::size_t at = tag.find("python/");
    if (at == std::string_view::npos || (!tag.starts_with(pythonTag) && !tag.starts_with("!python/"))) return;
    const std::string_view kind = tag.substr(at + 7);
    const std::size_t colon = kind.find(':');
    std::string_view name = colon == std::string_view::npos ? text : kind.substr(colon + 1);
    constexpr std::array makers{"object"sv, "name"sv, "module"sv};
    if (std::ranges::none_of(makers, [&](std::string_view maker) { return kind.starts_with(maker); })) return;
    const bool module = kind.starts_with("module");
    if (runsCode(module ? std::string(name) + ".x" : std::string(name)))
      return tell("config-runs-code",
                  "the tag python/" + shownText(kind) + " reaches for " + shownText(name));
    if (!buildsModels(name) && !module)
      tell("config-python-object", "the tag python/" + shownText(kind) + " makes an object of Python's");
  }

  void value(std::string_view text, std::string_view tag) {
    pythonObject(tag, text);
    Frame* frame = m_frames.empty() ? nullptr : &m_frames.back();
    const std::string_view key = frame != nullptr && frame->isMap ? std::string_view(frame->key) : ""sv;
    if (isIn(key, targetKeys))
      target(text);
    else if (frame != nullptr && frame->reduces && runsCode(text))
      tell("config-runs-code", "calls " + shownText(text));
    else if (!key.empty() && isIn(key, reduceKeys) && runsCode(text))
      tell("config-runs-code", "calls " + shownText(text));
    else if (!key.empty() && isKnownGadget(text))
      tell("config-runs-code", "names " + shownText(text));
    customCode(key, text);
    if (evaluatesCode(text)) tell("config-runs-code", "holds Python to be evaluated: " + quotedText(text));
    if (frame != nullptr && frame->isMap && isIn(key, wordKeys) && frame->words.size() < mostWords)
      frame->words.emplace_back(key, text.substr(0, longestWord));
    if (frame != nullptr && frame->isMap && (key == "params" || key == "init_args"))
      frame->hasParameters = true;
    if (m_keepsScalars) remember(text);
    inner(text);
  }

  void target(std::string_view text) {
    constexpr std::size_t mostReferring = 1000;
    if (text.find("${") != std::string_view::npos && m_referring.size() < mostReferring)
      m_referring.emplace_back(path(), text.substr(0, longestWord));
    if (runsCode(text)) tell("config-runs-code", "the configuration calls " + shownText(text));
  }

  void customCode(std::string_view key, std::string_view text) {
    const bool mapped = !m_frames.empty() && m_frames.back().isAutoMap;
    const bool pipeline = key == "custom_pipelines" || key == "custom_pipeline";
    if (mapped && text.find("--") != std::string_view::npos)
      tell("config-foreign-code", "wants code of another repository: " + quotedText(text));
    else if (mapped && text.find('.') != std::string_view::npos)
      tell("config-custom-code", "wants code that is no part of a library: " + quotedText(text));
    else if (key == "trust_remote_code" &&
             (text == "true" || text == "True" || text == "yes" || text == "on"))
      tell("config-custom-code", "asks its reader to trust code from elsewhere (trust_remote_code)");
    else if (pipeline && !text.empty())
      tell("config-custom-code", "wants a pipeline of its own: " + quotedText(text));
  }

  std::string resolved(std::string text) const {
    constexpr int mostReferences = 32;
    for (int i = 0; i < mostReferences; ++i) {
      const std::size_t begin = text.rfind("${"), end = text.find('}', std::min(begin, text.size()));
      if (begin == std::string::npos || end == std::string::npos || text.size() > longestWord) break;
      const auto found = m_scalars.find(text.substr(begin + 2, end - begin - 2));
      text.replace(begin, end + 1 - begin, found == m_scalars.end() ? "?" : found->second);
    }
    return text;
  }

  /// Short values that others may refer to.
  void remember(std::string_view text) {
    constexpr std::size_t mostScalars = 10'000, longestScalar = 256, deepest = 16;
    if (text.empty() || text.size() > longestScalar || m_scalars.size() >= mostScalars ||
        m_frames.size() > deepest)
      return;
    m_scalars.emplace(path(), text);
  }

  /// What is a template or a configuration in itself.
  void inner(std::string_view text) {
    if (holdsTemplate(text))
      if (const auto found = templateEscape(text)) tell("template-escape", *found);
    if (m_depth >= deepestText || text.size() < 8) return;
    constexpr std::array marks{"_target_"sv, "python/"sv, "class_path"sv, "py/"sv};
    const std::string_view content = trimmed(text);
    if (!content.starts_with("{\"") && !content.starts_with("[{") && !content.starts_with("{ ") &&
        !content.starts_with("{\n") && !mentions(content, marks))
      return;
    std::string place = m_place;
    if (const std::string where = path(); !where.empty()) place += (place.empty() ? "" : ", ") + where;
    ConfigAudit deeper(m_run, m_part, std::move(place), m_depth + 1, content);
    const bool json = content.starts_with("{") || content.starts_with("[");
    if (json && readJsonEvents(content, deeper, m_run.progress())) return deeper.resolveReferences();
    if (mentions(content, marks)) {
      ConfigAudit yaml(m_run, m_part, deeper.m_place, m_depth + 1, content);
      readYamlEvents(content, yaml, m_run.progress());
      yaml.resolveReferences();
    }
  }

  void wholeMap(const Frame& frame) {
    const std::string &target = frame.word("target"), &called = frame.word("_target_");
    if (!target.empty() && frame.hasParameters && runsCode(target))
      tell("config-runs-code", "the configuration calls " + shownText(target));
    if (called.find("hydra") != std::string::npos && runsCode(frame.word("path")))
      tell("config-runs-code", "the configuration takes " + shownText(frame.word("path")) + " by its path");
    const std::string& module = frame.word("module");
    if (!frame.word("__module__").empty() &&
        runsCode(frame.word("__module__") + "." + frame.word("__class__")))
      tell("config-runs-code", "makes an object of " + shownText(frame.word("__module__")) + "." +
                                   shownText(frame.word("__class__")));
    for (const std::string_view key : {"function"sv, "callable"sv, "attr"sv, "name"sv, "class"sv, "func"sv})
      if (const std::string name = module + "." + frame.word(key); !module.empty() && isKnownGadget(name))
        tell("config-runs-code", "names " + shownText(name));
    if (!frame.word("class_name").empty() || !frame.word("registered_name").empty()) keras(frame);
    if (m_frames.size() > 1 && m_frames[m_frames.size() - 2].key == "config") m_last = frame.words;
  }

  /// Keras's own keys stand in the object, those of a layer in its "config", which was read just before.
  void keras(const Frame& frame) {
    const auto last = [&](std::string_view name) -> std::string {
      const auto found = std::ranges::find(m_last, name, &std::pair<std::string, std::string>::first);
      return found == m_last.end() ? "" : found->second;
    };
    const KerasObject object{frame.word("class_name"),
                             frame.word("module"),
                             frame.word("registered_name"),
                             frame.word("function").empty() ? last("function") : frame.word("function"),
                             last("vocabulary"),
                             frame.hasConfig || !frame.word("registered_name").empty()};
    m_last.clear();
    if (const auto fault = kerasFault(object)) tell(fault->rule, fault->what);
  }

  AuditRun& m_run;
  const AuditPart& m_part;
  std::string m_place;
  int m_depth;
  bool m_keepsScalars;  ///< something refers to others
  std::vector<Frame> m_frames;
  std::vector<std::pair<std::string, std::string>> m_last;
  std::size_t m_tooDeep = 0;
  bool m_toldDeep = false;
  std::map<std::string, std::string> m_scalars;                  ///< by their paths, for what refers to them
  std::vector<std::pair<std::string, std::string>> m_referring;  ///< targets that do: place and text
};

std::string placeFor(const AuditPart& part, const std::string& what) {
  if (what.empty()) return part.place;
  return part.place.empty() ? what : part.place + ", " + what;
}

constexpr std::array yamlMarks{"_target_"sv,    "python/"sv,           "class_path"sv,     "%TAG"sv,
                               "_component_"sv, "trust_remote_code"sv, "auto_map"sv,       "py/object"sv,
                               "_target\\"sv,   "__reduce__"sv,        "custom_pipeline"sv};

void tellTemplate(AuditRun& run, const AuditPart& part, std::string_view text, const std::string& what,
                  std::size_t toldBefore) {
  if (!holdsTemplate(text) || run.count("template-escape") > toldBefore) return;
  if (const auto found = templateEscape(text)) run.add("template-escape", placeFor(part, what), *found);
}

/// What only a broken configuration holds is looked for as text: a reader may be less strict.
void tellRaw(AuditRun& run, const AuditPart& part, std::string_view text, const std::string& what) {
  for (const std::string_view mark :
       {"_target_"sv, "python/object/apply:"sv, "python/object/new:"sv, "python/name:"sv, "python/object:"sv})
    for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
      const std::string_view rest = text.substr(at + mark.size(), 256);
      const std::size_t begin = rest.find_first_not_of(" \t:\"'=");
      if (begin == std::string_view::npos) continue;
      const std::string_view name = rest.substr(begin, rest.find_first_of(" \t\r\n\"',}]", begin) - begin);
      if (!runsCode(name)) continue;
      run.add("config-runs-code", placeFor(part, what), "the configuration calls " + shownText(name));
      return;
    }
}

enum class ReadAs { Neither, Json, Yaml };

/// What the text could be read as to its end.
ReadAs readWhole(AuditRun& run, const AuditPart& part, std::string_view text, const std::string& what,
                 bool asYaml) {
  const std::string_view content = trimmed(text);
  if (content.starts_with("{") || content.starts_with("[") || content.starts_with("\"")) {
    ConfigAudit json(run, part, placeFor(part, what), 0, text);
    const bool whole = readJsonEvents(content, json, run.progress());
    json.resolveReferences();
    if (whole) return ReadAs::Json;
    asYaml = true;
  }
  if (!asYaml) return ReadAs::Neither;
  ConfigAudit yaml(run, part, placeFor(part, what), 0, text);
  const bool whole = readYamlEvents(text, yaml, run.progress());
  yaml.resolveReferences();
  return whole ? ReadAs::Yaml : ReadAs::Neither;
}

/// What was not read as texts is looked at as it stands: "{{ x }}" is a map of a map to YAML.
void tellRest(AuditRun& run, const AuditPart& part, std::string_view text, const std::string& what,
              ReadAs read, std::size_t toldBefore) {
  if (read == ReadAs::Neither) tellRaw(run, part, text, what);
  if (read != ReadAs::Json) tellTemplate(run, part, text, what, toldBefore);
}

bool isTemplateFile(const std::string& name) {
  return hasEnding(name, ".jinja") || hasEnding(name, ".jinja2") || hasEnding(name, ".j2");
}

}  // namespace

void auditConfigText(AuditRun& run, const AuditPart& part, std::string_view text, const std::string& what) {
  const std::size_t told = run.count("template-escape");
  tellRest(run, part, text, what, readWhole(run, part, text, what, mentions(text, yamlMarks)), told);
}

void auditConfigFile(AuditRun& run, const AuditPart& part) {
  const auto wide = fromWideText(part.view());
  const std::string_view text = wide ? std::string_view(*wide) : textOf(part.view());
  constexpr std::size_t guessed = 1 << 20;
  const std::string& name = part.name;
  if (hasEnding(name, ".md")) return;  // what people read may speak of such things
  const bool other = hasEnding(name, ".csv") || hasEnding(name, ".py") || hasEnding(name, ".html");
  const bool yaml = hasEnding(name, ".yaml") || hasEnding(name, ".yml") || mentions(text, yamlMarks) ||
                    (!other && text.size() <= guessed);
  const std::size_t told = run.count("template-escape");
  const ReadAs read = isTemplateFile(name) ? ReadAs::Neither : readWhole(run, part, text, "", yaml);
  tellRest(run, part, text, "", read, told);
}

}  // namespace lapidary::core
