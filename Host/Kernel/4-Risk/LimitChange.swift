import PluginABI
import PluginBridge

/// One limit to set, or to switch off with nil.
package struct LimitChange: Sendable {
  package var key: LimitKey
  package var scope: LimitScope
  package var value: Int64?

  package init(_ key: LimitKey, _ scope: LimitScope = .all, _ value: Int64?) {
    self.key = key
    self.scope = scope
    self.value = value
  }

  fileprivate var raw: keel_limit {
    var limit = keel_limit()
    limit.key = key.rawValue
    limit.value = value ?? KEEL_NULL
    switch scope {
    case .all: limit.scope = UInt16(KEEL_LIMIT_ALL)
    case .slot(let number):
      limit.scope = UInt16(KEEL_LIMIT_SLOT)
      limit.id = number
    case .assetClass(let number):
      limit.scope = UInt16(KEEL_LIMIT_CLASS)
      limit.id = UInt32(number)
    }
    return limit
  }

  /// The record that makes all of them at once; `who` and `why` are cut where they are too long.
  package static func record(
    _ changes: [LimitChange], who: String, why: String
  ) -> [UInt64] {
    var head = keel_rec_limits()
    let offset = MemoryLayout<keel_rec_limits>.size
    let bytes = offset + changes.count * MemoryLayout<keel_limit>.stride
    head.h = keel_event(KEEL_REC_LIMITS, of: keel_rec_limits.self)
    head.h.size = UInt32(bytes)
    FixedText.writePrefix(of: who, to: &head.who)
    FixedText.writePrefix(of: why, to: &head.why)
    head.offset = UInt32(offset)
    head.count = UInt32(changes.count)
    var words = [UInt64](repeating: 0, count: bytes / 8)
    words.withUnsafeMutableBytes { target in
      withUnsafeBytes(of: head) { target.copyMemory(from: $0) }
      for (index, change) in changes.enumerated() {
        target.storeBytes(
          of: change.raw, toByteOffset: offset + index * MemoryLayout<keel_limit>.stride,
          as: keel_limit.self)
      }
    }
    return words
  }
}
