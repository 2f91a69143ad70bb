import Market
import PluginABI
import PluginBridge

/// A record, and what findings say of where it stands.
struct RecordPlace {
  let record: Record
  let number: Int
  let rules: TickRules

  var instrument: InstrumentID { record.instrument }
  var time: Timestamp { record.time }
  var venueTime: Timestamp? { Timestamp?(abi: record.header.pointee.ts_venue) }

  func finding(_ kind: FindingKind, _ value: Finding.Value = .none) -> Finding {
    Finding(kind, record.instrument, at: record.time, record: number, value)
  }

  /// Of all that the record says but its place in the session; never 0.
  var fingerprint: UInt64 {
    let words = UnsafeRawBufferPointer(record.bytes)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var offset = 0
    while offset + 8 <= words.count {
      // The session's sequence: bytes 32 to 40 of every header.
      if offset != 32 {
        hash ^= words.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        hash = hash &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 32
      }
      offset += 8
    }
    return hash | 1
  }
}
