import Market
import PluginABI

/// One row in any form that the format allows, and the words for one that is wrong.
extension RowReader {
  func readCarefully(_ row: UnsafeBufferPointer<UInt8>) throws(MarketFileError) {
    let fields = try split(row)
    guard fields.count == actions.count else {
      throw failure(
        nil, "\(fields.count) fields, expected \(actions.count)",
        remedy: "mend the row, or leave such rows out with --on-error skip")
    }
    for (index, field) in fields.enumerated() {
      var defect: (message: String, remedy: String)?
      field.withUnsafeBufferPointer { defect = read($0, actions[index]) }
      if let defect { throw failure(index, defect.message, remedy: defect.remedy) }
    }
  }

  private func failure(_ column: Int?, _ message: String, remedy: String) -> MarketFileError {
    MarketFileError(
      .row, file, line: line, column: column.map { columnNames[$0] }, message, remedy: remedy)
  }

  /// Without quotes, and without blanks around.
  private func split(_ row: UnsafeBufferPointer<UInt8>) throws(MarketFileError) -> [[UInt8]] {
    guard let fields = FieldSplitter.split(row, separator) else {
      throw failure(
        nil, "a quote is not closed on its line, or text follows it",
        remedy: "mend the row, or leave such rows out with --on-error skip")
    }
    return fields
  }

  typealias Defect = (message: String, remedy: String)
  private static let mend = "mend the row, or leave such rows out with --on-error skip"

  func read(_ field: UnsafeBufferPointer<UInt8>, _ action: ColumnAction) -> Defect? {
    if action.kind == .skip { return nil }
    guard !field.isEmpty else {
      values[action.slot] = action.kind == .decimal || action.kind == .time ? KEEL_NULL : 0
      return action.isOptional ? nil : ("it is empty", Self.mend)
    }
    switch action.kind {
    case .skip: return nil
    case .time: return readTime(field, action)
    case .timeText:
      return take(field, action)
        ? nil
        : (
          "\(Self.quoted(field)) is no time from 1970 to 2200, such as 2024-01-01T09:30:00Z",
          Self.mend
        )
    case .decimal: return readDecimal(field, action)
    case .unsigned, .identifier:
      if let number = UInt64(String(decoding: field, as: UTF8.self)) {
        values[action.slot] = Int64(bitPattern: number)
        return nil
      }
      values[action.slot] = 0
      guard action.kind == .identifier else {
        return ("\(Self.quoted(field)) is no whole number", Self.mend)
      }
      identifiersLost += 1
      return nil
    case .word: return readWord(field, action)
    case .constant: return readConstant(field, action)
    case .symbol:
      return take(field, action)
        ? nil
        : (
          "there is no instrument \(Self.quoted(field))",
          "take the instruments from the tape it was exported from: --like TAPE"
        )
    }
  }

  private func readTime(
    _ field: UnsafeBufferPointer<UInt8>, _ action: ColumnAction
  ) -> Defect? {
    let exact: ExactDecimal
    do throws(ExactDecimal.Failure) { exact = try ExactDecimal(field) } catch {
      return ("\(Self.quoted(field)) is no time in \(action.unit.name)", Self.mend)
    }
    var time: Int64?
    if case .mantissa(let exactly) = exact.counted(decimals: action.unit.decimals) {
      time = exactly
    }
    var whole = (time ?? .max) / action.multiplier
    if time == nil, case .mantissa(let number) = exact.counted(decimals: 0) { whole = number }
    guard let time, !exact.isNegative, whole >= action.minimum, whole <= action.maximum else {
      let other = TimeUnit.detected(exact.isNegative ? 0 : whole)
      if !exact.isNegative, other != action.unit {
        return (
          "\(Self.quoted(field)) looks like \(other.name), and the rows before are in "
            + action.unit.name,
          "split the file there, or say what it counts: --time-unit \(action.unit.rawValue)"
        )
      }
      return ("\(Self.quoted(field)) is not from 1970 to 2200", Self.mend)
    }
    values[action.slot] = time
    return nil
  }

  private func readDecimal(
    _ field: UnsafeBufferPointer<UInt8>, _ action: ColumnAction
  ) -> Defect? {
    let exact: ExactDecimal
    do throws(ExactDecimal.Failure) { exact = try ExactDecimal(field) } catch {
      return error == .tooLong
        ? ("\(Self.quoted(field)) has more digits than fit", Self.mend)
        : ("\(Self.quoted(field)) is no number", Self.mend)
    }
    if isMeasuring {
      note(exact.decimals, action)
      return nil
    }
    var counted = exact.counted(decimals: action.decimals)
    if counted == .tooPrecise, roundsFineNumbers,
      let value = exact.rounded(decimals: action.decimals)
    {
      numbersRounded += 1
      counted = .mantissa(value)
    }
    switch counted {
    case .mantissa(let value):
      values[action.slot] = value
      guard value < action.minimum || value > action.maximum else { return nil }
      let rule = action.minimum == 0 ? "is negative" : "is not above zero"
      return ("\(Self.quoted(field)) \(rule)", Self.mend)
    case .tooLarge, .tooPrecise:
      return Self.misfit(field, action, isTooLarge: counted == .tooLarge, exact.decimals)
    }
  }

  /// A number that the instrument's step does not make.
  private static func misfit(
    _ field: UnsafeBufferPointer<UInt8>, _ action: ColumnAction, isTooLarge: Bool,
    _ decimals: Int
  ) -> Defect {
    let step = DecimalText.format(action.step, exponent: -action.decimals)
    let (noun, rule, option): (String, String, String) =
      switch action.measure {
      case .price: ("price", "the tick \(step)", "--tick")
      case .quantity: ("quantity", "the lot \(step)", "--lot")
      case .other: ("number", "a step of 10^-\(action.decimals)", "")
      }
    guard !isTooLarge else {
      return (
        "the \(noun) \(quoted(field)) is too large to be counted in steps of \(rule)",
        option.isEmpty ? mend : "give a coarser \(option), or mend the row"
      )
    }
    let finer = DecimalText.format(Int64(1), exponent: -min(18, decimals))
    return (
      "the \(noun) \(quoted(field)) is no multiple of \(rule)",
      option.isEmpty
        ? mend : "say \(option) \(finer), or --round to take the nearest that the instrument has"
    )
  }

  private func readWord(
    _ field: UnsafeBufferPointer<UInt8>, _ action: ColumnAction
  ) -> Defect? {
    guard field.count <= 8 else { return ("\(Self.quoted(field)) is no word of it", Self.mend) }
    values[action.slot] = PackedWord.pack(String(decoding: field, as: UTF8.self))
    return nil
  }

  private func readConstant(
    _ field: UnsafeBufferPointer<UInt8>, _ action: ColumnAction
  ) -> Defect? {
    guard !take(field, action), let known = constants[action.slot] else { return nil }
    let before = known.withUnsafeBufferPointer { Self.quoted($0) }
    return (
      "\(Self.quoted(field)) in a file of \(before)",
      "split the file, so that each has one instrument"
    )
  }

  /// A field as an error shows it: not too long, and nothing in it that a terminal obeys.
  static func quoted(_ field: UnsafeBufferPointer<UInt8>) -> String {
    let shown = field.prefix(40).map { byte in
      byte >= 0x20 && byte < 0x7F ? Character(UnicodeScalar(byte)) : "?"
    }
    return "'\(String(shown))\(field.count > 40 ? "..." : "")'"
  }
}
