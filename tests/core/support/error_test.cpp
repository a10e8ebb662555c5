// SPDX-License-Identifier: GPL-3.0-or-later
// What an error says when it is seen from further and further out.
#include "core/support/error.h"

#include <gtest/gtest.h>

#include <string>

namespace lapidary::core {
namespace {

/// The error that leaves `body`.
template <class Body>
Error caught(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorKind::Usage, "nothing was thrown");
}

TEST(ErrorChain, PlacesStandOutermostFirst) {
  const Error inner(ErrorKind::InvalidInput, "pads has 3 values");
  const Error outer = inner.within("node 12 'Conv_3'").within("reading x.onnx");
  EXPECT_STREQ(outer.what(), "reading x.onnx: node 12 'Conv_3': pads has 3 values");
  EXPECT_STREQ(inner.what(), "pads has 3 values");
}

TEST(Error, APlaceIsNamedOnce) {
  const Error inner(ErrorKind::InvalidInput, "/a b/x.npz: no such file");
  EXPECT_STREQ(inner.within("reading /a b/x.npz").what(), "reading /a b/x.npz: no such file");
  EXPECT_STREQ(inner.within("reading y.npz").what(), "reading y.npz: /a b/x.npz: no such file");
}

TEST(ErrorChain, KindIsKept) {
  for (const ErrorKind kind :
       {ErrorKind::InvalidInput, ErrorKind::Unsupported, ErrorKind::CannotWrite, ErrorKind::Usage})
    EXPECT_EQ(Error(kind, "x").within("a").within("b").kind(), kind);
}

TEST(ErrorContext, NestedContextsBuildTheSameChain) {
  const Error error = caught([] {
    withContext("outer", [] {
      return withContext("inner", []() -> int { throw Error(ErrorKind::Unsupported, "no such operator"); });
    });
  });
  EXPECT_STREQ(error.what(), "outer: inner: no such operator");
  EXPECT_EQ(error.kind(), ErrorKind::Unsupported);
}

TEST(ErrorContext, ResultPassesThrough) {
  EXPECT_EQ(withContext("place", [] { return std::string("value"); }), "value");
}

TEST(ErrorContext, ACancelledJobGainsNoContext) {
  EXPECT_THROW(withContext("place", [] { throw Cancelled(); }), Cancelled);
}

}  // namespace
}  // namespace lapidary::core
