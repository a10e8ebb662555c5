// SPDX-License-Identifier: GPL-3.0-or-later
// A small table: a row holds words that stand for each other.
#include "ui/manual/synonyms.h"

#include <QRegularExpression>
#include <QStringList>
#include <algorithm>
#include <array>

namespace lapidary::ui {

namespace {

/// Each row in both languages: a page may hold either.
constexpr std::array rows{
    "compress shrink smaller reduce 压缩 缩小 变小",
    "size bytes disk 大小 字节 体积",
    "accuracy quality 准确率 精度 正确率",
    "speed latency faster slow time 速度 延迟 时延 快 慢",
    "undo redo back revert 撤销 重做 返回 后退",
    "bits int4 int8 quantize 量化 位数 比特",
    "prune sparsity zeros 剪枝 稀疏",
    "student distil distillation 学生 蒸馏",
    "repair retrain finetune tune recover 修复 微调 重新训练",
    "export save write convert 导出 保存 写出",
    "deploy run runtime inference elsewhere 部署 运行 推理 别处",
    "open load import 打开 载入 导入",
    "data dataset samples images pictures 数据 样本 图片",
    "preprocess normalise normalize mean std 预处理 归一化",
    "explain saliency heatmap why 解释 显著图 热图",
    "audit malware virus safe security 审查 审计 安全 病毒 恶意",
    "robustness attack adversarial 稳健 攻击 对抗",
    "shortcut keyboard key 快捷键 键盘",
    "language chinese english 语言 中文 英文",
    "crash error fails problem 崩溃 错误 失败 问题",
};

QStringList wordsOf(const char* row) { return QString::fromUtf8(row).split(QLatin1Char(' ')); }

/// A word of the table as it is looked for.
SearchTerm termOf(const QString& word) { return searchTermsOf(word).front(); }

bool same(const SearchTerm& a, const SearchTerm& b) {
  if (a.text == b.text) return true;
  // A stem and its word: "compres" of "compressing" and of "compress".
  constexpr qsizetype longEnough = 5;
  return a.spaced && b.spaced && std::min(a.text.size(), b.text.size()) >= longEnough &&
         (a.text.startsWith(b.text) || b.text.startsWith(a.text));
}

}  // namespace

std::vector<SearchTerm> synonymsOf(const SearchTerm& term) {
  std::vector<SearchTerm> others;
  for (const char* row : rows) {
    std::vector<SearchTerm> terms;
    for (const QString& word : wordsOf(row)) terms.push_back(termOf(word));
    if (!std::ranges::any_of(terms, [&](const SearchTerm& one) { return same(one, term); })) continue;
    for (const SearchTerm& one : terms)
      if (!same(one, term)) others.push_back(one);
  }
  return others;
}

QString withTypeNames(const QString& typed) {
  static const QRegularExpression bits(
      QStringLiteral("\\b(4|8|16)[ -]?(?:bits?\\b|位|比特)"),
      QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption);
  const QRegularExpressionMatch match = bits.match(typed);
  return match.hasMatch() ? typed + QStringLiteral(" int") + match.captured(1) : typed;
}

}  // namespace lapidary::ui
