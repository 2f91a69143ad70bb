import Market
import MarketHistory
import Wording

/// A `--bars` of the command line: how bars are cut, before it is known of which instrument.
struct BarOption {
  private enum Measure {
    case time(Nanoseconds)
    case ticks(Int)
    case volume(String)
    case notional(String)
  }

  let text: String
  private let measure: Measure
  static let examples = "time:1m, tick:200, volume:10 or notional:500000"

  static func option(_ occurrence: CommandOption.Occurrence, _ about: String) -> CommandOption {
    .value("bars", "RULE", about + " RULE is \(examples).", occurrence: occurrence)
  }

  init(_ text: String) throws(CommandError) {
    self.text = text
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, let measure = Self.measure(parts[0], parts[1]) else {
      throw CommandError(
        .usage, subject: "--bars", "'\(text)' is no way to cut bars",
        remedy: "Write it as \(Self.examples); a time is \(DurationText.form)")
    }
    self.measure = measure
  }

  private static func measure(_ name: String, _ amount: String) -> Measure? {
    switch name {
    case "time": return DurationText.parse(amount).map(Measure.time)
    case "tick": return Int(amount).flatMap { $0 > 0 ? .ticks($0) : nil }
    case "volume" where isDecimal(amount): return .volume(amount)
    case "notional" where isDecimal(amount): return .notional(amount)
    default: return nil
    }
  }

  private static func isDecimal(_ text: String) -> Bool {
    ValueKind.decimal.defect(of: text) == nil && !text.hasPrefix("-")
  }

  /// Quotes have no volume, and of a smaller bar nobody knows where it would have to be cut.
  func isPossible(from source: BarSource) -> Bool {
    switch (measure, source) {
    case (.time, _), (_, .trades), (.ticks, .quotes): true
    default: false
    }
  }

  func rule(for instrument: Instrument, _ symbol: String) throws(CommandError) -> BarRule {
    let rule: BarRule? =
      switch measure {
      case .time(let interval): .time(interval)
      case .ticks(let count): .ticks(count)
      case .volume(let text):
        (try? DecimalText.parse(text, exponent: instrument.quantityExponent))
          .map { .volume(Quantity(mantissa: $0)) }
      case .notional(let text):
        (try? DecimalText.parseWide(text, exponent: Money.exponent)).map { .notional($0) }
      }
    guard let rule, rule.isSound else {
      throw CommandError(
        .usage, subject: "--bars", "'\(text)' is no amount of \(symbol)",
        remedy: "Give an amount above zero with no more decimals than its quantities have")
    }
    return rule
  }
}
