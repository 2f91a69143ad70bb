package import JSON
package import Market
import PluginBridge

/// One thing in which the host's books and the venue's differed.
package struct ReconciliationDifference: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case missingFill, orderGone, orderUnknown, orderState, orderTerms, position, averagePrice
    case balance, instrument, positionSide
  }
  package enum Outcome: Sendable, Equatable {
    /// A record puts the venue's truth in the place of the host's.
    case mended
    /// Nothing is wrong that a record could put right.
    case noted
    /// No trading before a person has looked at it.
    case refused(String)
  }

  package var kind: Kind
  package var outcome: Outcome
  package var instrument: InstrumentID?
  package var asset: AssetID?
  package var orderID: UInt64 = 0
  /// As the host had it, and as the venue has it: both in words of the same unit.
  package var local = ""
  package var venue = ""

  package func words(_ directory: Directory) -> String {
    let subject =
      instrument.map { " " + directory.symbol($0) } ?? asset.map { " " + directory.code($0) } ?? ""
    let order = orderID == 0 ? "" : " of order \(orderID)"
    let end =
      switch outcome {
      case .mended: "the venue's is taken"
      case .noted: "noted"
      case .refused(let why): "not mended: \(why)"
      }
    return "\(kind.rawValue)\(subject)\(order): here \(local), there \(venue); \(end)"
  }

  package func json(_ directory: Directory) -> JSONValue {
    let (name, why): (String, String?) =
      switch outcome {
      case .mended: ("mended", nil)
      case .noted: ("noted", nil)
      case .refused(let why): ("refused", why)
      }
    return .object([
      ("kind", .string(kind.rawValue)),
      ("instrument", .optional(instrument.map { .string(directory.symbol($0)) })),
      ("asset", .optional(asset.map { .string(directory.code($0)) })),
      ("orderID", orderID == 0 ? .null : .integer(orderID)),
      ("local", .string(local)), ("venue", .string(venue)),
      ("outcome", .string(name)), ("why", .optional(why.map(JSONValue.string))),
    ])
  }
}
