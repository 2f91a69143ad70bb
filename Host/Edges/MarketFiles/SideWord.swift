import PluginABI

/// The words for a side of the market, as eight bytes of small letters.
enum SideWord {
  case bid, ask, unknown

  init?(_ text: String) {
    guard text.utf8.count <= 8 else { return nil }
    self.init(packed: PackedWord.pack(text))
  }

  init?(packed: Int64) {
    switch packed {
    case Self.buy, Self.b, Self.bidWord: self = .bid
    case Self.sell, Self.s, Self.askWord, Self.a, Self.offer: self = .ask
    case Self.unknownWord, Self.none, 0: self = .unknown
    default: return nil
    }
  }

  var abi: UInt8 {
    switch self {
    case .bid: UInt8(KEEL_BUY)
    case .ask: UInt8(KEEL_SELL)
    case .unknown: UInt8(KEEL_SIDE_NONE)
    }
  }

  private static let (buy, b, bidWord) = (
    PackedWord.pack("buy"), PackedWord.pack("b"), PackedWord.pack("bid")
  )
  private static let (sell, s, askWord) = (
    PackedWord.pack("sell"), PackedWord.pack("s"), PackedWord.pack("ask")
  )
  private static let (a, offer) = (PackedWord.pack("a"), PackedWord.pack("offer"))
  private static let (unknownWord, none) = (PackedWord.pack("unknown"), PackedWord.pack("none"))
}
