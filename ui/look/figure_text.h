// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the figures of the strip for an outcome: words and numbers, without any painting.
#pragma once

#include <QString>
#include <QStringList>

#include "core/session/session.h"
#include "ui/look/theme.h"

namespace lapidary::ui {

struct FigureText {
  QString label;
  QString figure;
  QString aside;   ///< small, after the figure
  QString strong;  ///< first words of the note, in the colour of their meaning
  Role strongRole = Role::Muted;
  QStringList notes;  ///< the rest of the note, joined by middle dots
  QString tip;
  bool known = true;  ///< false: there is no figure, and the note says why

  bool operator==(const FigureText&) const = default;
};

/// `outcome.quality` may be absent: then the text says what is lacking or being waited for.
FigureText qualityFigure(const core::Session& session, const core::Outcome& outcome);
FigureText sizeFigure(const core::Session& session, const core::Outcome& outcome);
FigureText zerosFigure(const core::Outcome& outcome);
FigureText latencyFigure(const core::Session& session, const core::Outcome& outcome);
FigureText saliencyFigure(const core::Session& session, const core::Outcome& outcome);

/// The outcome's quality as one number for charts (share, or dB), with its interval where it has one.
struct QualityValue {
  double value = 0;
  core::Interval interval;
  bool decibel = false;
};
std::optional<QualityValue> qualityValue(const core::Outcome& outcome);
/// "Accuracy, top-1", "Agreement", "Signal-to-noise".
QString qualityName(core::QualityKind kind);
QString qualityValueText(const QualityValue& value);

}  // namespace lapidary::ui
