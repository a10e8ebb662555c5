// SPDX-License-Identifier: GPL-3.0-or-later
// Names in configurations: what runs code is told from what builds models.
#include "core/audit/texts/code_name.h"

#include <gtest/gtest.h>

namespace lapidary::core {
namespace {

TEST(CodeNames, WhatRunsOrLoadsCodeIsKnownInEveryWriting) {
  for (const char* name : {"os.system",
                           "os:system",
                           " 'os.system' ",
                           "builtins.exec",
                           "builtins.__import__",
                           "subprocess.Popen",
                           "torch.hub.load",
                           "torch.load",
                           "importlib.import_module",
                           "webbrowser.open",
                           "pickle.loads",
                           "shutil.rmtree",
                           "socket.create_connection",
                           "runpy.run_path",
                           "eval",
                           "torch.nn.modules.module.os.system",
                           "transformers.utils.import_utils.importlib.import_module",
                           "os.path.os.system",
                           "a.b.__globals__",
                           "torch.ops.load_library",
                           "numpy.load",
                           "nemo.core.classes.subprocess.run"})
    EXPECT_TRUE(runsCode(name)) << name;
}

TEST(CodeNames, WhatBuildsModelsAndPlainWordsDoNot) {
  for (const char* name : {"torch.nn.Linear",
                           "nemo.collections.asr.modules.ConformerEncoder",
                           "transformers.AutoModel",
                           "torch.utils.data.DataLoader",
                           "torch.optim.AdamW",
                           "builtins.dict",
                           "os.path.join",
                           "os.getcwd",
                           "flextok.model.Decoder",
                           "my_package.evaluate",
                           "pathlib.Path",
                           "functools.partial",
                           "",
                           ".",
                           "..",
                           "os",
                           "a b.system",
                           "keras.layers.Dense",
                           "lightning.pytorch.Trainer",
                           "my.module.__init__"})
    EXPECT_FALSE(runsCode(name)) << name;
  EXPECT_TRUE(buildsModels("torch.nn.ReLU"));
  EXPECT_FALSE(buildsModels("my_package.Thing") || buildsModels("torch.hub.load"));
  EXPECT_TRUE(isKnownGadget("os.system"));
  EXPECT_FALSE(isKnownGadget("os.txt") || isKnownGadget("os"));
}

}  // namespace
}  // namespace lapidary::core
