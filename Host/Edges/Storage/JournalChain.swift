import PluginABI

/// Holds a journal against its seals.
package enum JournalChain {
  /// The first place where they disagree.
  package struct Mismatch: Sendable, Equatable, CustomStringConvertible {
    package let segment: Int
    /// Of the segment's file.
    package let bytes: Range<Int>
    package let reason: String

    package var description: String {
      "\(JournalDirectory.fileName(segment)), bytes \(bytes.lowerBound) to "
        + "\(bytes.upperBound): \(reason)"
    }
  }

  package struct Report: Sendable, Equatable {
    /// The value of the last block that is as it was sealed.
    package var head = ChainHash.genesis
    package var segments = 0
    package var sealedBytes = 0
    /// Behind the last seal: nothing says what stood there.
    package var unsealedBytes = 0
    package var mismatch: Mismatch?
    /// Whether the value that was looked for is one of this journal's: its head, or that of an
    /// earlier block.
    package var holdsExpected = false
  }

  /// Also of a journal that is being written. Throws what stands in the way of looking at all.
  package static func verify(
    directory path: String, expecting expected: ChainHash? = nil
  ) throws(StorageError) -> Report {
    let directory = JournalDirectory(path: path)
    let segments = try directory.segments()
    guard let first = segments.first else {
      throw StorageError(
        .notAJournal, path, "it holds no journal: no \(JournalDirectory.fileName(0)) is there",
        remedy: "name the directory that a session has written")
    }
    var walk = ChainWalk(directory: directory, first: first, expected: expected)
    for (index, number) in segments.enumerated() {
      let goesOn = try walk.take(number)
      // A gap in the numbers is told by the next step.
      let isGap = index + 1 < segments.count && segments[index + 1] != number + 1
      guard goesOn || isGap && walk.report.mismatch == nil else { break }
    }
    return walk.report
  }
}
