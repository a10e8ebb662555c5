// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/models/network_text_audit.h"

#include "core/audit/models/tensorflow_ops.h"
#include "core/audit/parts/proto_text.h"
#include "core/files/shown_text.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

void readNetwork(AuditRun& run, const AuditPart& part,
                 const std::function<void(const ProtoTextField&)>& visit) {
  if (!readProtoText(textOf(part.view()), visit))
    run.add("network-text-damaged", part.place, "the text breaks off: what follows was not looked into");
}

bool endsWith(const ProtoTextField& field, std::string_view message, std::string_view name) {
  const auto& path = field.path;
  return path.size() >= 2 && path[path.size() - 2] == message && path.back() == name;
}

void tellField(AuditRun& run, const AuditPart& part, std::string_view rule, const ProtoTextField& field,
               const std::string& what) {
  run.addAt(rule, part, field.offset, field.value.size(), what + " " + quotedText(field.value));
}

}  // namespace

void auditCaffeText(AuditRun& run, const AuditPart& part) {
  readNetwork(run, part, [&](const ProtoTextField& field) {
    const bool type = endsWith(field, "layer", "type") || endsWith(field, "layers", "type");
    if ((type && field.value == "Python") || endsWith(field, "python_param", "module"))
      tellField(run, part, "caffe-python-layer", field, type ? "a layer is of the type" : "a layer imports");
    if (type && (field.value == "HDF5Output" || field.value == "HDF5_OUTPUT"))
      tellField(run, part, "caffe-file-layer", field, "a layer is of the type");
  });
}

void auditTensorflowText(AuditRun& run, const AuditPart& part) {
  readNetwork(run, part, [&](const ProtoTextField& field) {
    const bool op = endsWith(field, "node", "op") || endsWith(field, "node_def", "op");
    if (!op) return;
    if (readsTable(field.value)) tellField(run, part, "tf-table-file", field, "a node is a");
    if (reachesOut(field.value) && !savesVariables(field.value) && field.value != "PrintV2")
      tellField(run, part, "tf-file-op", field, "a node is a");
  });
}

}  // namespace lapidary::core
