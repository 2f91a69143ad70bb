import PluginABI

/// One preallocated, mapped segment that is being written, synced or sealed.
final class JournalSegment {
  static let frameBytes = MemoryLayout<keel_frame>.size

  let number: Int
  let map: MappedFile
  /// Everything before this byte is written, and stays as it is.
  var written = FileHeader.bytes
  /// Behind the end mark, once the writer has left the segment.
  var end: Int?
  /// Everything before this byte is on the disk.
  var synced = 0
  /// Everything before this byte is sealed.
  var sealed = 0
  /// Pages before this byte were made ready to be written.
  var populated = 0

  /// The file appears under its final name only with its header written, so that a reader never
  /// meets half a segment.
  init(
    in directory: JournalDirectory, number: Int, session: UInt64, created: Int64, bytes: Int,
    isSynced: Bool
  ) throws(StorageError) {
    let path = directory.file(number)
    let temporary = path + ".new"
    let system = directory.system
    _ = system.remove(temporary)
    map = try MappedFile(creating: temporary, bytes: bytes, system: system)
    self.number = number
    let header = FileHeader(
      magic: KEEL_JOURNAL_MAGIC, session: session, segment: UInt64(number), created: created)
    header.store(at: map.start)
    var isLinked = false
    do {
      if isSynced {
        // The whole file: its blocks are reserved, and found again after a power failure.
        try map.sync(0..<FileHeader.bytes)
        try map.file.sync()
        synced = FileHeader.bytes
      }
      // A link, unlike a rename, refuses to replace what another writer put there.
      try StorageSystem.check(system.link(temporary, path), path, "create it")
      isLinked = true
      if isSynced { try directory.sync() }
    } catch {
      if isLinked { _ = system.remove(path) }
      _ = system.remove(temporary)
      throw error
    }
    _ = system.remove(temporary)
  }

  /// The room that the largest possible record has; one frame is kept for the end mark.
  static func recordBytesMax(segmentBytes: Int) -> Int {
    segmentBytes - FileHeader.bytes - 2 * frameBytes
  }
}
