/// What can be wrong with market data, the gravest first.
package enum FindingKind: String, CaseIterable, Sendable {
  case timeBackwards, unknownInstrument, duplicateTrade, duplicateBar, badBar, badPrice
  case badFunding, duplicateFunding
  case badQuantity, offTick, offLot, crossedQuote, bookGap, bookCrossed, bookLevel, bookMessage
  case venueTimeBackwards, duplicateRecord, missingBars, missingFunding, gap, reportedGap, badPrint,
    stale
  case lockedQuote, zeroTrade, differentPrice, missingHere, missingThere, unchecked
  case jump, zeroVolumeBar, closing

  package enum Severity: String, CaseIterable, Sendable {
    /// It cannot be so: what is computed from it is wrong.
    case error
    /// It may be so, and is worth a look.
    case warning
    /// To be known.
    case note
  }

  package var severity: Severity {
    switch self {
    case .timeBackwards, .unknownInstrument, .duplicateTrade, .duplicateBar, .badBar, .badPrice,
      .badFunding, .duplicateFunding, .badQuantity, .offTick, .offLot, .crossedQuote, .bookGap,
      .bookCrossed, .bookLevel,
      .bookMessage:
      .error
    case .venueTimeBackwards, .duplicateRecord, .missingBars, .missingFunding, .gap, .reportedGap,
      .badPrint,
      .stale, .lockedQuote, .zeroTrade, .differentPrice, .missingHere, .missingThere, .unchecked:
      .warning
    case .jump, .zeroVolumeBar, .closing: .note
    }
  }

  /// A few words, lower case.
  package var title: String {
    switch self {
    case .timeBackwards: "time goes backwards"
    case .unknownInstrument: "unknown instrument"
    case .duplicateTrade: "trade id twice"
    case .duplicateBar: "bar twice"
    case .badBar: "impossible bar"
    case .badPrice: "price not above zero"
    case .badFunding: "impossible funding rate"
    case .duplicateFunding: "funding rate twice"
    case .badQuantity: "negative quantity"
    case .offTick: "price off tick"
    case .offLot: "quantity off lot"
    case .crossedQuote: "crossed quote"
    case .bookGap: "book sequence gap"
    case .bookCrossed: "book crossed or locked"
    case .bookLevel: "impossible book level"
    case .bookMessage: "book message cut"
    case .venueTimeBackwards: "venue time backwards"
    case .duplicateRecord: "record twice"
    case .missingBars: "missing bars"
    case .missingFunding: "missing funding rates"
    case .gap: "gap"
    case .reportedGap: "gap told by the source"
    case .badPrint: "bad print"
    case .stale: "frozen price"
    case .lockedQuote: "locked quote"
    case .zeroTrade: "trade of nothing"
    case .differentPrice: "prices differ"
    case .missingHere: "bar only there"
    case .missingThere: "bar only here"
    case .unchecked: "not checked"
    case .jump: "jump"
    case .zeroVolumeBar: "bar without volume"
    case .closing: "regular closing"
    }
  }

  /// What to do about it: imperative, short enough for a table.
  package var remedy: String {
    switch self {
    case .timeBackwards: "sort by receive time and record again"
    case .unknownInstrument: "record again with a full instrument table"
    case .duplicateTrade: "drop the second one: volume is counted twice"
    case .duplicateBar: "keep one of them, best the later revision"
    case .badBar: "rebuild it from trades, or drop it"
    case .badPrice: "drop it; check decimals and signs of the import"
    case .badFunding: "see whether the import took percent for fractions"
    case .duplicateFunding: "drop the second one: it would be paid twice"
    case .badQuantity: "drop it; check signs of the import"
    case .offTick: "check the instrument's tick, or who rounded the price"
    case .offLot: "check the instrument's lot, or who rounded the quantity"
    case .crossedQuote: "drop it, or keep sources apart"
    case .bookGap: "fetch a snapshot there, or leave out the book until the next"
    case .bookCrossed: "look for lost updates before it"
    case .bookLevel: "check price, quantity and side of the import"
    case .bookMessage: "keep each message whole, its last record marked"
    case .venueTimeBackwards: "rely on the receive time, or sort within the venue's messages"
    case .duplicateRecord: "drop the second one, unless the source repeats itself on purpose"
    case .missingBars: "fetch them again; closed hours are let through by --max-gap"
    case .missingFunding: "fetch them again, unless the venue changed its interval there"
    case .gap: "fetch that time again, or trade around it"
    case .reportedGap: "fetch that time again"
    case .badPrint: "drop it: the price came straight back"
    case .stale: "see whether the market was open; leave that time out"
    case .lockedQuote: "nothing, where the venue allows it"
    case .zeroTrade: "drop it"
    case .differentPrice: "ask which source is right"
    case .missingHere: "fetch it here"
    case .missingThere: "fetch it there"
    case .unchecked: "split the tape: it has more streams than are looked at"
    case .jump: "compare with the news, or with another source"
    case .zeroVolumeBar: "nothing, where the source has no volume"
    case .closing: "nothing, where the market closes then; --always-open counts it as missing"
    }
  }
}
