// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/models/tensorflow_ops.h"

#include <algorithm>
#include <array>

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;

constexpr std::array savingOps{
    "Save"sv,    "SaveV2"sv,       "SaveSlices"sv,         "Restore"sv,         "RestoreV2"sv,
    "MergeV2"sv, "RestoreSlice"sv, "MergeV2Checkpoints"sv, "ShardedFilename"sv, "ShardedFilespec"sv};
constexpr std::array reachingOps{"ReadFile"sv,
                                 "WriteFile"sv,
                                 "PyFunc"sv,
                                 "EagerPyFunc"sv,
                                 "PyFuncStateless"sv,
                                 "MatchingFiles"sv,
                                 "LoadLibrary"sv,
                                 "PrintV2"sv,
                                 "WholeFileReader"sv,
                                 "WholeFileReaderV2"sv,
                                 "TextLineReader"sv,
                                 "TextLineReaderV2"sv,
                                 "TFRecordReader"sv,
                                 "TFRecordReaderV2"sv,
                                 "FixedLengthRecordReader"sv,
                                 "FixedLengthRecordReaderV2"sv,
                                 "LMDBReader"sv,
                                 "TextLineDataset"sv,
                                 "TFRecordDataset"sv,
                                 "TFRecordDatasetV2"sv,
                                 "FixedLengthRecordDataset"sv,
                                 "FixedLengthRecordDatasetV2"sv,
                                 "MatchingFilesDataset"sv,
                                 "CSVDataset"sv,
                                 "CSVDatasetV2"sv,
                                 "SqlDataset"sv,
                                 "LMDBDataset"sv,
                                 "CacheDataset"sv,
                                 "CacheDatasetV2"sv,
                                 "SnapshotDataset"sv,
                                 "SnapshotDatasetV2"sv,
                                 "SaveDataset"sv,
                                 "SaveDatasetV2"sv,
                                 "LoadDataset"sv,
                                 "DatasetToTFRecord"sv,
                                 "CreateSummaryFileWriter"sv,
                                 "CreateSummaryDbWriter"sv,
                                 "ImportEvent"sv,
                                 "LoadAndRemapMatrix"sv,
                                 "GenerateVocabRemapping"sv,
                                 "FileSystemSetConfiguration"sv,
                                 "DebugIdentity"sv,
                                 "DebugIdentityV2"sv,
                                 "DebugIdentityV3"sv,
                                 "RpcClient"sv,
                                 "RpcCall"sv,
                                 "RpcServer"sv};
constexpr std::array tableOps{"InitializeTableFromTextFile"sv, "InitializeTableFromTextFileV2"sv};

template <class Names>
bool listed(const Names& names, std::string_view op) {
  if (op.starts_with("Experimental")) op.remove_prefix(12);
  return std::ranges::find(names, op) != names.end();
}

}  // namespace

bool reachesOut(std::string_view op) { return savesVariables(op) || listed(reachingOps, op); }
bool savesVariables(std::string_view op) { return listed(savingOps, op); }
bool readsTable(std::string_view op) { return listed(tableOps, op); }

}  // namespace lapidary::core
