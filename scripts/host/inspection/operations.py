"""Operations of TensorFlow that run Python, read or write files, or connect: name -> why it is a door.

tests/test_inspection.py asks TensorFlow for each operation that takes the name of a file or an address. All of them are
here. TensorFlow's own advice: https://github.com/tensorflow/tensorflow/blob/master/SECURITY.md
"""

PYTHON = "it calls a Python function, which loading must have registered"
READS = "it reads files"
WRITES = "it writes files"
CONNECTS = "it connects to a server"
OTHER = "it calls a library, or changes how files are opened"

GROUPS = {
    PYTHON: "PyFunc PyFuncStateless EagerPyFunc",
    READS: """ReadFile WholeFileReader WholeFileReaderV2 TextLineReader TextLineReaderV2 FixedLengthRecordReader
        FixedLengthRecordReaderV2 TFRecordReader TFRecordReaderV2 LMDBReader RecordInput TextLineDataset TFRecordDataset
        TFRecordDatasetV2 FixedLengthRecordDataset FixedLengthRecordDatasetV2 CSVDataset CSVDatasetV2
        ExperimentalCSVDataset LMDBDataset ExperimentalLMDBDataset SqlDataset ExperimentalSqlDataset MatchingFiles
        MatchingFilesDataset ExperimentalMatchingFilesDataset InitializeTableFromTextFile InitializeTableFromTextFileV2
        Restore RestoreSlice RestoreV2 DTensorRestoreV2 LoadDataset SnapshotDatasetReader SnapshotChunkDataset
        ListSnapshotChunksDataset LoadAndRemapMatrix GenerateVocabRemapping ImmutableConst Skipgram
        FixedUnigramCandidateSampler""",
    WRITES: """WriteFile Save SaveSlices SaveV2 MergeV2Checkpoints ShardedFilename ShardedFilespec DistributedSave
        SaveDataset SaveDatasetV2 SnapshotDataset SnapshotDatasetV2 CacheDataset CacheDatasetV2 DatasetToTFRecord
        ExperimentalDatasetToTFRecord CreateSummaryFileWriter CreateSummaryDbWriter DebugIdentity DebugIdentityV2
        DebugIdentityV3 DebugNanCount DebugNumericSummary DumpTensor CalibrationStatisticsSaver""",
    CONNECTS: """DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4 RegisterDataset
        RegisterDatasetV2 RpcClient RpcServer RpcCall Rpc TryRpc RemoteCall""",
    OTHER: "RemoteFusedGraphExecute FileSystemSetConfiguration XlaCustomCall XlaCustomCallV2",
}
DOORS = {name: why for why, names in GROUPS.items() for name in names.split()}
#: what a saver is made of
SAVERS = ("SaveV2", "RestoreV2", "MergeV2Checkpoints", "ShardedFilename", "ShardedFilespec", "Save", "SaveSlices",
          "Restore", "RestoreSlice")  # fmt: skip
SAVES = "it reads and writes checkpoints at the path that its caller gives; every SavedModel and MetaGraph has one"
#: it prints; where this attribute names a file, it writes there
PRINTS, STREAM = "PrintV2", "output_stream"
CONSOLE = ("stdout", "stderr", "log(info)", "log(warning)", "log(error)")
