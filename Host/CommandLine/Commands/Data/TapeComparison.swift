import JSON
import Market
import MarketHistory
import Storage
import Wording

/// Bars of two tapes held against each other, instrument by instrument: by symbol, or one with the
/// other where each tape has one.
struct TapeComparison {
  struct Pair {
    let instrument: InstrumentID
    let there: Int
    var result: SourceComparison
  }

  let path: String
  let interval: Nanoseconds
  private(set) var pairs: [Pair] = []
  private(set) var log: FindingLog
  private var here: TapeBars
  private var there: TapeBars

  init(
    _ here: TapeContents, _ there: TapeContents, _ interval: Nanoseconds,
    _ options: QualityOptions
  ) throws(CommandError) {
    path = there.tape.path
    self.interval = interval
    log = FindingLog(examplesMax: options.examplesMax)
    let isSingle = here.symbols.count == 1 && there.symbols.count == 1
    for (index, symbol) in here.symbols.enumerated() {
      guard let other = isSingle ? 0 : there.symbols.firstIndex(of: symbol) else { continue }
      let id = InstrumentID(rawValue: UInt32(index))
      pairs.append(
        Pair(
          instrument: id, there: other,
          result: SourceComparison(id, toleranceBasisPoints: options.toleranceBasisPoints)))
    }
    guard !pairs.isEmpty else {
      throw CommandError(
        subject: path, "no instrument of it is on \(here.tape.path)",
        remedy: "compare tapes of the same instruments; data info lists them")
    }
    self.here = try TapeBars(here, interval)
    self.there = try TapeBars(there, interval)
  }

  /// The side that is behind goes on, so that little waits.
  mutating func run(
    _ checkInterruption: () throws(CommandError) -> Void
  ) throws(CommandError) {
    while here.next != nil || there.next != nil {
      let isHere =
        (here.next?.point.close ?? .distantFuture)
        <= (there.next?.point.close ?? .distantFuture) && here.next != nil
      if isHere, let bar = here.pop() {
        if let place = pairs.firstIndex(where: { $0.instrument.index == bar.instrument }) {
          pairs[place].result.add(bar.point, from: .here, into: &log)
        }
      } else if let bar = there.pop() {
        for place in pairs.indices where pairs[place].there == bar.instrument {
          pairs[place].result.add(bar.point, from: .there, into: &log)
        }
      }
      try checkInterruption()
    }
    for place in pairs.indices { pairs[place].result.finish() }
    guard pairs.contains(where: { $0.result.matched > 0 }) else {
      throw CommandError(
        subject: path,
        "no bar of \(DurationText.exact(interval)) is at the same time on both tapes",
        remedy: "compare tapes of the same days, or with another --interval")
    }
  }

  func value(_ symbol: (InstrumentID) -> String) -> JSONValue {
    [
      "tape": .string(path), "interval": .integer(interval.count),
      "instruments": .array(
        pairs.map { pair in
          [
            "instrument": .string(symbol(pair.instrument)),
            "matched": .integer(pair.result.matched),
            "onlyHere": .integer(pair.result.missingThere),
            "onlyThere": .integer(pair.result.missingHere),
            "outside": .integer(pair.result.outside),
            "different": .integer(pair.result.different),
            "meanBasisPoints": .optional(pair.result.differenceMean.map { .double($0) }),
            "mostBasisPoints": .double(pair.result.differenceMax),
            "correlation": .optional(pair.result.correlation.map { .double($0) }),
          ]
        }),
    ]
  }
}
