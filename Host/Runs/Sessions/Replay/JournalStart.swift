import Kernel
import PluginABI
import PluginBridge
import Storage

/// What a journal's first turn says of the session that wrote it.
struct JournalStart {
  let session: UInt64
  let limits: Limits
  let head: keel_rec_session

  init(_ directory: String) throws(StorageError) {
    var reader = try JournalReader(directory: directory)
    session = reader.session
    while let record = try reader.next(), record.type != KEEL_REC_TURN_END {
      guard record.type == KEEL_REC_SESSION,
        let raw = record.cast(to: keel_rec_session.self)?.pointee
      else { continue }
      guard let sound = Limits(raw).ifSound else { break }
      limits = sound
      head = raw
      return
    }
    throw StorageError(
      .notAJournal, directory, "its first turn does not tell how large its tables were",
      remedy: "name a journal that begins with its session's start")
  }
}
