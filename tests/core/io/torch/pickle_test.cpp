// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "core/files/shown_text.h"
#include "core/io/torch/pickle_opcodes.h"
#include "core/io/torch/pickle_text.h"
#include "core/io/torch/pickle_trace.h"
#include "core/io/torch/pickle_trust.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

using Kind = PickleValue::Kind;
using namespace std::string_literals;

PickleTrace traced(const std::string& pickle) { return tracePickle(std::as_bytes(std::span(pickle)), 0); }
std::string valueText(const std::string& pickle) {
  const PickleTrace trace = traced(pickle);
  EXPECT_EQ(trace.fault, "");
  return trace.root ? pickleText(trace, *trace.root) : "nothing";
}

// The pickles of this test were written by Python's pickle and pickletools.
TEST(Pickle, PlainValuesOfEveryProtocol) {
  EXPECT_EQ(valueText("(lp0\nI1\naI01\naF2.5\naS'a\\x41\\n'\naNa."), "[1, True, 2.500000, 'aA\\x0a', None]");
  EXPECT_EQ(valueText("\x80\x02}q\x00(X\x01\x00\x00\x00"s
                      "aK\x01X\x01\x00\x00\x00"s
                      "bJ\xff\xff\xff\xffu."s),
            "{'a', 1, 'b', -1}");
  EXPECT_EQ(valueText("\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8a\x03\x00\x00\x80K\x02\x86\x94."s),
            "(-8388608, 2)");
  EXPECT_EQ(valueText("\x80\x04(C\x02"s
                      "hiK\x07\x90."s.substr(0, 0) +
                      "\x8f(K\x07\x90."s),
            "set(7)");
  EXPECT_EQ(valueText("V\\u00e9\\U0001f600\n."), "'\xc3\xa9\xf0\x9f\x98\x80'");
}

TEST(Pickle, CallsAreFollowedAndNotMade) {
  const PickleTrace trace = traced("cos\nsystem\n(S'ls'\ntR.");
  ASSERT_EQ(trace.calls.size(), 1u);
  EXPECT_EQ(pickleText(trace, trace.calls[0].value), "os.system('ls')");
  EXPECT_EQ(trace.calls[0].opcode, "REDUCE");
  EXPECT_EQ(trace.calls[0].offset, 19u);
}

TEST(Pickle, MemosAreNumberedAsPythonNumbersThem) {
  // PUT 5, then MEMOIZE takes number 1, since one memo is there.
  const PickleTrace trace = traced("\x80\x04K\x07q\x05K\x08\x94h\x01\x85."s);
  EXPECT_EQ(pickleText(trace, *trace.root), "(8)");
}

TEST(Pickle, DamageEndsInAFaultWithWhatWasSeen) {
  for (const std::string& damaged : {"cos\nsystem\n(S'ls'\ntR"s, "cos\nsystem\n(S'ls'\ntR\xff"s,
                                     "cos\nsystem\n(S'ls'\ntR\x8e\xff\xff\xff\xff\xff\xff\xff\x7f"s}) {
    const PickleTrace trace = traced(damaged);
    EXPECT_NE(trace.fault, "");
    EXPECT_EQ(trace.calls.size(), 1u);
  }
  EXPECT_EQ(traced("").fault, "the pickle is damaged at byte 0: it ends without a STOP");
}

TEST(Pickle, UnderflowIsOddAndGoesOn) {
  const PickleTrace trace = traced("0000cos\nsystem\n.");
  EXPECT_EQ(trace.oddities.size(), 4u);
  EXPECT_EQ(trace.lookups.size(), 1u);
}

TEST(Pickle, SharedValuesTakeNoMemoryEach) {
  std::string pickle = "(lp0\n";
  for (int i = 1; i < 64; ++i)
    pickle +=
        "(lp" + std::to_string(i) + "\ng" + std::to_string(i - 1) + "\nag" + std::to_string(i - 1) + "\na";
  const PickleTrace trace = traced(pickle + ".");
  EXPECT_LT(trace.values.size(), 200u);
  EXPECT_LT(pickleText(trace, *trace.root).size(), 1000u);
}

TEST(PickleTrust, AllowsWhatTensorsNeedAndNothingElse) {
  EXPECT_EQ(pickleTrust("torch._utils", "_rebuild_tensor_v2"), PickleTrust::Allowed);
  EXPECT_EQ(pickleTrust("collections", "OrderedDict"), PickleTrust::Allowed);
  EXPECT_EQ(pickleTrust("numpy.core.multiarray", "_reconstruct"), PickleTrust::Allowed);
  EXPECT_EQ(pickleTrust("os", "system"), PickleTrust::Dangerous);
  EXPECT_EQ(pickleTrust("os.path", "join"), PickleTrust::Dangerous);
  EXPECT_EQ(pickleTrust("builtins", "eval"), PickleTrust::Dangerous);
  EXPECT_EQ(pickleTrust("builtins", "list"), PickleTrust::Allowed);
  EXPECT_EQ(pickleTrust("builtins", "list.__class__"), PickleTrust::Dangerous);
  EXPECT_EQ(pickleTrust("numpy", "prod.os.system"), PickleTrust::Dangerous);
  EXPECT_EQ(pickleTrust("numpy.dtypes", "x.FloatDType"), PickleTrust::Unknown);
  EXPECT_EQ(pickleTrust("osmium", "Reader"), PickleTrust::Unknown);
  EXPECT_EQ(pickleTrust("__main__", "Net"), PickleTrust::Unknown);
}

TEST(PickleText, OddBytesAreShownEscaped) {
  EXPECT_EQ(shownText("a\x1b[31m\n"), "a\\x1b[31m\\x0a");
  EXPECT_EQ(shownText("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(shownText("\xe4\xb8\xad"), "\xe4\xb8\xad");
  EXPECT_EQ(shownText(std::string(500, 'x')).size(), 123u);
}

}  // namespace
}  // namespace lapidary::core
