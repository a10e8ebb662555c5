// SPDX-License-Identifier: GPL-3.0-or-later
// A small manual in a folder of its own, written by the test.
#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QTemporaryDir>

namespace lapidary::ui {

class PagesOnDisk {
 public:
  PagesOnDisk() {
    write("en/index.md",
          "# Home\n\nSee [Zoo](zoo.md) first.\n\n## Pages\n\n- [Cut](cut.md#channels)\n- [Zoo](zoo.md)\n");
    write("en/cut.md",
          "# Cut\n\nMakes layers smaller.\n\n## Layers\n\nA table of layers.\n\n## Channels\n\nPruning "
          "removes whole "
          "channels of a layer.\n\n![A picture](pictures/one.png)\n\n## Channels\n\nAgain.\n");
    write("en/zoo.md",
          "# Zoo\n\nAnimals. [Cut](cut.md) and [outside](https://example.org/x).\n\n## Far away\n\nEnd.\n");
    write("zh_CN/index.md", "# 首页\n\n## 页面\n\n- [剪裁](cut.md#通道)\n- [动物](zoo.md)\n");
    write("zh_CN/cut.md",
          "# 剪裁\n\n让层变小。\n\n## 层\n\n层的表格。\n\n## 通道\n\n剪枝移除整个通道。ＯＮＮＸ "
          "文件变小。\n\n## 通道\n\n再来。\n");
    write("pages.json",
          R"({"MainWindow": "index.md", "chosen": "cut.md#layers", "QLineEdit": "cut.md#channels"})");
    QDir(m_folder.path()).mkpath("en/pictures");
    QImage picture(2000, 100, QImage::Format_RGB32);
    picture.fill(Qt::red);
    picture.save(m_folder.filePath("en/pictures/one.png"));
  }

  QString root() const { return m_folder.path(); }

  void write(const QString& name, const QByteArray& text) {
    const QString path = m_folder.filePath(name);
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    file.open(QIODevice::WriteOnly);
    file.write(text);
  }

 private:
  QTemporaryDir m_folder;
};

}  // namespace lapidary::ui
